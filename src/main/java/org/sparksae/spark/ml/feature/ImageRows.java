package org.sparksae.spark.ml.feature;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.model.ImageShape;
import org.sparksae.spark.data.ImageColumn;
import org.sparksae.spark.data.PartitionMap;
import org.sparksae.spark.data.PixelReader;
import org.sparksae.spark.data.VectorStruct;
import org.sparksae.spark.ml.transform.InvalidRows;

/**
 * Adds a column of Vectors, the pixels of images.
 *
 * @param name name in a query plan
 * @param column the images
 * @param shape the shape of every image
 * @param skipInvalid whether an invalid row is left out instead of ending the job
 */
public record ImageRows(String name, ImageColumn column, ImageShape shape, boolean skipInvalid)
    implements PartitionMap {

  @Override
  public Iterator<InternalRow> apply(Iterator<InternalRow> rows, StructType columns, int[] inputs) {
    return new Vectors(rows, new PixelReader(column, inputs, shape));
  }

  @Override
  public String toString() {
    return name;
  }

  private final class Vectors implements Iterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private final PixelReader reader;
    private final InvalidRows invalid = new InvalidRows(column.name(), skipInvalid);
    private final float[] values = new float[shape.size()];
    private final VectorStruct vector = new VectorStruct(shape.size());
    private final GenericInternalRow added = new GenericInternalRow(1);
    private final JoinedRow joined = new JoinedRow();
    private InternalRow next;

    Vectors(Iterator<InternalRow> rows, PixelReader reader) {
      this.rows = rows;
      this.reader = reader;
    }

    @Override
    public boolean hasNext() {
      while (next == null && rows.hasNext()) {
        InternalRow row = rows.next();
        String problem = reader.read(row, values);
        if (problem == null) {
          next = row;
        } else {
          invalid.add(problem);
        }
      }
      return next != null;
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      added.update(0, vector.dense(values, 0));
      InternalRow row = joined.apply(next, added);
      next = null;
      return row;
    }
  }
}
