package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Maps the rows of a partition to rows with more columns. Its {@code toString} names it in a query
 * plan.
 *
 * <p>Rows of both iterators are valid until the next row is requested.
 */
public interface PartitionMap extends Serializable {
  /**
   * Maps rows. The values of their own columns must not change, and rows may be left out. It must
   * be possible to ask for more rows after there were none, because rows may come one by one.
   *
   * @param columns columns of the rows. Columns that no query asks for are not among them.
   * @param inputs ordinals of the columns that are read, in the order in which they were asked for
   * @return rows with the same columns, followed by the added ones
   */
  Iterator<InternalRow> apply(Iterator<InternalRow> rows, StructType columns, int[] inputs);
}
