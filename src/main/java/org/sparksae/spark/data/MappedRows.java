package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.AbstractIterator;
import scala.runtime.AbstractFunction1;

/** Adapts a {@link PartitionMap} to Spark's operator. */
final class MappedRows
    extends AbstractFunction1<scala.collection.Iterator<Object>, scala.collection.Iterator<Object>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final PartitionMap map;
  private final StructType columns;
  private final int[] inputs;

  /**
   * Adapts a map.
   *
   * @param columns columns of the incoming rows
   * @param inputs ordinals of those that the map reads
   */
  MappedRows(PartitionMap map, StructType columns, int[] inputs) {
    this.map = map;
    this.columns = columns;
    this.inputs = inputs;
  }

  @Override
  public scala.collection.Iterator<Object> apply(scala.collection.Iterator<Object> structs) {
    Iterator<InternalRow> rows = map.apply(new Unwrapped(structs), columns, inputs);
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

  /** Spark reuses a shuffle if the functions below it are equal. */
  @Override
  public boolean equals(Object other) {
    return other instanceof MappedRows rows
        && rows.map.equals(map)
        && rows.columns.equals(columns)
        && Arrays.equals(rows.inputs, inputs);
  }

  @Override
  public int hashCode() {
    return Objects.hash(map, columns, Arrays.hashCode(inputs));
  }

  /** Returns the name of the operator in a query plan. */
  @Override
  public String toString() {
    return map.toString();
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
