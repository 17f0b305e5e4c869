package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;

/**
 * A column of images. It has either the struct of Spark's source {@code image}, of any nullability,
 * or the binary content of image files, as {@code binaryFile} returns it. A {@link PixelReader}
 * reads it as floats.
 *
 * @param name the column's name
 * @param inputs the column, then the column that names the files, if there is one
 * @param isFile whether the column has the content of files
 */
public record ImageColumn(String name, List<ColumnPath> inputs, boolean isFile)
    implements Serializable {

  /** Name of the column of file names in the source {@code binaryFile}. */
  private static final String PATH = "path";

  private static final String STRUCT = ImageSchema.columnSchema().catalogString();

  /** Whether a type is one of the two types of image columns. */
  public static boolean isReadable(DataType type) {
    return isFile(type) || type.catalogString().equals(STRUCT);
  }

  private static boolean isFile(DataType type) {
    return type.equals(DataTypes.BinaryType);
  }

  /**
   * Finds the column in a schema.
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
    int files = path.isNested() ? -1 : Arrays.asList(schema.fieldNames()).indexOf(PATH);
    boolean named = files >= 0 && schema.apply(files).dataType().equals(DataTypes.StringType);
    return new ImageColumn(
        name,
        named ? List.of(path, ColumnPath.at(schema, files)) : List.of(path),
        isFile(path.type()));
  }
}
