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
   * Maps rows. It may leave rows out, but must not change the values of their own columns. Rows may
   * come one at a time: when both iterators have ended, the first may continue, and the second must
   * then continue too.
   *
   * @param columns columns of the rows, without those that the query does not use
   * @param inputs ordinals of the columns that the map reads, in the order in which it asked for
   *     them
   * @return rows with the same columns, followed by the added ones
   */
  Iterator<InternalRow> apply(Iterator<InternalRow> rows, StructType columns, int[] inputs);
}
