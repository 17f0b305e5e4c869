package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.core.rows.StoragePrecision;

/**
 * The columns whose values make a row: those of the input, followed by those of the target, if a
 * transcoder has one.
 *
 * @param input the input column
 * @param target the column of the rows to predict, or null
 */
public record FeatureColumns(FeatureColumn input, FeatureColumn target) implements Serializable {
  /** Returns the column of an autoencoder, whose input is its target. */
  public static FeatureColumns of(FeatureColumn input) {
    return new FeatureColumns(input, null);
  }

  /** Returns the same columns, whose values are rounded to a precision when they are read. */
  public FeatureColumns roundedTo(StoragePrecision precision) {
    return new FeatureColumns(
        input.roundedTo(precision), target == null ? null : target.roundedTo(precision));
  }

  /** Returns the precision to which values are rounded. */
  StoragePrecision precision() {
    return input.precision();
  }

  /** Number of values in a row. */
  public int size() {
    return input.size() + targetSize();
  }

  /** Number of values of the target; 0 if there is none. */
  public int targetSize() {
    return target == null ? 0 : target.size();
  }

  /** Returns where the columns are in a schema: the input's place, and the target's, if any. */
  public List<ColumnPath> in(StructType schema) {
    ColumnPath ofInput = ColumnPath.of(schema, "inputCol", input.name());
    return target == null
        ? List.of(ofInput)
        : List.of(ofInput, ColumnPath.of(schema, "targetCol", target.name()));
  }

  /**
   * Returns a reader.
   *
   * @param types the columns' types, in order
   * @param ordinals the columns' places in the rows, in order
   */
  public RowReader reader(List<DataType> types, int[] ordinals) {
    FeatureReader ofInput = new FeatureReader(input, types.get(0), ordinals[0]);
    return target == null
        ? ofInput
        : new PairReader(
            ofInput, input, new FeatureReader(target, types.get(1), ordinals[1]), target);
  }

  /** Number of columns. */
  int count() {
    return target == null ? 1 : 2;
  }

  /** Names the columns, for messages. */
  String describe() {
    return Stream.of(
            Text.format("column '%s'", input.name()),
            target == null ? "" : Text.format(" with targetCol '%s'", target.name()))
        .reduce("", String::concat);
  }

  /** Says how many values a row has, and why, as the end of a sentence. */
  String describeSizes() {
    String ofInput = Text.format("%d values%s", input.size(), input.reason());
    return target == null
        ? ofInput
        : Text.format("%s, and targets of %d values%s", ofInput, target.size(), target.reason());
  }
}
