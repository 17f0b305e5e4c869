package org.sparksae.spark.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.sparksae.core.Text;
import org.sparksae.core.image.ImageFile;
import org.sparksae.core.image.Planes;
import org.sparksae.core.model.ImageShape;

/**
 * Reads an {@link ImageColumn} from Spark's internal rows as values in [0, 1], [channels, height,
 * width]; see {@link Planes}.
 */
public final class PixelReader {
  // The fields of Spark's image struct, see org.apache.spark.ml.image.ImageSchema.
  private static final int FIELDS = 6;
  private static final int ORIGIN = 0;
  private static final int HEIGHT = 1;
  private static final int WIDTH = 2;
  private static final int CHANNELS = 3;
  private static final int MODE = 4;
  private static final int DATA = 5;

  private final boolean isFile;
  private final int[] inputs;
  private final ImageShape shape;

  /**
   * A reader.
   *
   * @param column the column
   * @param inputs ordinals of its {@link ImageColumn#inputs} in the rows
   * @param shape shape of the result, with 1 or 3 channels; images must have its height and width,
   *     and are converted to its channels
   */
  public PixelReader(ImageColumn column, int[] inputs, ImageShape shape) {
    this.isFile = column.isFile();
    this.inputs = inputs;
    this.shape = shape;
  }

  /**
   * Reads a row's image.
   *
   * @param values receives the image, [channels, height, width]; undefined if the row is not valid
   * @return the file and what is wrong with it, or null if the row is valid
   */
  public String read(InternalRow row, float[] values) {
    int file = inputs.length > 1 ? inputs[1] : -1;
    if (row.isNullAt(inputs[0])) {
      return of(row, file, "is null");
    }
    if (isFile) {
      return of(row, file, decode(row.getBinary(inputs[0]), values));
    }
    InternalRow image = row.getStruct(inputs[0], FIELDS);
    return of(image, ORIGIN, copy(image, values));
  }

  /** Adds the file to a problem, if there is a problem and the file is known. */
  private static String of(InternalRow row, int ordinal, String problem) {
    return problem == null || ordinal < 0 || row.isNullAt(ordinal)
        ? problem
        : "of " + row.getString(ordinal) + " " + problem;
  }

  private String decode(byte[] content, float[] values) {
    try (ImageFile file = ImageFile.open(new ByteArrayInputStream(content))) {
      // Check before the pixels are read: a small file may claim to have a billion.
      String problem = wrongSize(file.height(), file.width());
      if (problem == null) {
        file.read(shape.channels(), values);
      }
      return problem;
    } catch (IOException unreadable) {
      return "cannot be read, as " + unreadable.getMessage();
    }
  }

  private String copy(InternalRow image, float[] values) {
    int bands = image.getInt(CHANNELS);
    int mode = image.getInt(MODE);
    if (bands < 0 || image.isNullAt(DATA)) {
      return "is what Spark's source 'image' could not read";
    }
    // OpenCV's mode for this number of channels of unsigned bytes is (bands - 1) << 3.
    if (bands != 1 && bands != 3 && bands != 4 || mode != (bands - 1) << 3) {
      return Text.format(
          "is of %d channels in mode %d, and must be of 1, 3 or 4 in bytes (mode 0, 16, 24)",
          bands, mode);
    }
    String problem = wrongSize(image.getInt(HEIGHT), image.getInt(WIDTH));
    if (problem != null) {
      return problem;
    }
    byte[] data = image.getBinary(DATA);
    if (data.length != (long) shape.pixels() * bands) {
      return Text.format(
          "has %d bytes, and must have %d x %d x %d",
          data.length, shape.height(), shape.width(), bands);
    }
    new Planes(shape.channels(), values).fill(data, bands);
    return null;
  }

  private String wrongSize(int height, int width) {
    return height == shape.height() && width == shape.width()
        ? null
        : Text.format(
            "is %d pixels high and %d wide, but imageShape says %d and %d: resize it beforehand",
            height, width, shape.height(), shape.width());
  }
}
