package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;

/**
 * A column of images: the struct that Spark's source {@code image} gives, of any nullability, or
 * the content of image files, binary, as {@code binaryFile} gives it; a {@link PixelReader} reads
 * it as floats.
 *
 * @param name the column's name
 * @param path where it lies in the rows
 * @param pathOrdinal the place beside it of the column that names the files, or -1 if there is none
 * @param isFile whether it has the content of files
 */
public record ImageColumn(String name, ColumnPath path, int pathOrdinal, boolean isFile)
    implements Serializable {

  /** What the source {@code binaryFile} calls the column of names. */
  private static final String PATH = "path";

  private static final String STRUCT = ImageSchema.columnSchema().catalogString();

  /** Whether a type is one of the two. */
  public static boolean isReadable(DataType type) {
    return isFile(type) || type.catalogString().equals(STRUCT);
  }

  private static boolean isFile(DataType type) {
    return type.equals(DataTypes.BinaryType);
  }

  /**
   * The column of a schema.
   *
   * @param param the Param that names the column, for the message
   * @throws IllegalArgumentException if the column is missing or of another type
   */
  public static ImageColumn of(StructType schema, String param, String name) {
    ColumnPath path = ColumnPath.of(schema, param, name);
    if (!isReadable(path.type())) {
      throw new IllegalArgumentException(
          Text.format(
              "%s: column '%s' must be what Spark's source 'image' gives, or binary, the content of files, but it is %s",
              param, name, path.type().catalogString()));
    }
    int pathOrdinal = path.isNested() ? -1 : pathOrdinal(schema);
    return new ImageColumn(name, path, pathOrdinal, isFile(path.type()));
  }

  private static int pathOrdinal(StructType schema) {
    int path = Arrays.asList(schema.fieldNames()).indexOf(PATH);
    return path >= 0 && schema.apply(path).dataType().equals(DataTypes.StringType) ? path : -1;
  }
}
