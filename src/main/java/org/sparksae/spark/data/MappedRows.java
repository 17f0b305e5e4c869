package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.AbstractIterator;
import scala.runtime.AbstractFunction1;

/** Adapts a {@link CatalystRows.PartitionMap} to Spark's operator. */
final class MappedRows
    extends AbstractFunction1<scala.collection.Iterator<Object>, scala.collection.Iterator<Object>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final CatalystRows.PartitionMap map;
  private final StructType columns;

  /**
   * Adapts a map.
   *
   * @param columns columns of the incoming rows
   */
  MappedRows(CatalystRows.PartitionMap map, StructType columns) {
    this.map = map;
    this.columns = columns;
  }

  @Override
  public scala.collection.Iterator<Object> apply(scala.collection.Iterator<Object> structs) {
    Iterator<InternalRow> rows = map.apply(new Unwrapped(structs), columns);
    return new AbstractIterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Object next() {
        return rows.next();
      }
    };
  }

  private static final class Unwrapped implements Iterator<InternalRow> {
    private final scala.collection.Iterator<Object> structs;

    Unwrapped(scala.collection.Iterator<Object> structs) {
      this.structs = structs;
    }

    @Override
    public boolean hasNext() {
      return structs.hasNext();
    }

    @Override
    public InternalRow next() {
      return (InternalRow) ((Option<?>) structs.next()).get();
    }
  }
}
