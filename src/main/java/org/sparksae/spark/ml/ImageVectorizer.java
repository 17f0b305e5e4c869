package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import java.util.List;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.model.ImageShape;
import org.sparksae.spark.data.CatalystRows;
import org.sparksae.spark.data.ImageColumn;
import org.sparksae.spark.ml.feature.ImageRows;
import org.sparksae.spark.ml.feature.Vectorizer;
import org.sparksae.spark.ml.file.ParamsReader;
import org.sparksae.spark.ml.file.StageSerializer;
import org.sparksae.spark.ml.param.Rule;
import org.sparksae.spark.ml.param.VectorizerParams;
import org.sparksae.spark.ml.transform.Schemas;

/**
 * Turns each image into a Vector of its pixels, values in [0, 1], [channels, height, width]
 * flattened in that order, as {@link ConvolutionalSparseAutoencoder} expects.
 *
 * <p>The input column is the struct {@code image} of Spark's source {@code image}, or the {@code
 * content} of its source {@code binaryFile}: JPEG, PNG, GIF (the first image) or BMP files, decoded
 * by the Java platform. Three channels are red, green and blue, in that order; one channel is the
 * luminance, {@code 0.299 R + 0.587 G + 0.114 B} of the stored values. A grey image has its grey in
 * every channel. Opacity is ignored. Colours outside sRGB are converted; the orientation that a
 * camera recorded is ignored. {@code content} keeps all 16 bits of a value. Spark's {@code image}
 * has 8, and for grey files with 16 it keeps the lower ones, which are useless.
 *
 * <p>A row is valid if its image can be read and has the size of {@link #imageShape()}; images are
 * not resized. The size of {@code content} is checked before pixels are decoded, so a file that
 * claims a billion pixels does no harm, and a JPEG that ends too early is invalid. Spark's source
 * {@code image} decodes what it finds and fills the rest with grey.
 */
@DefaultSerializer(StageSerializer.class)
public final class ImageVectorizer extends Vectorizer<ImageVectorizer> {
  private static final long serialVersionUID = 1L;

  /** A stage with a uid of its own. */
  public ImageVectorizer() {
    this(Identifiable$.MODULE$.randomUID("imageVectorizer"));
  }

  /** A stage with a given uid. */
  public ImageVectorizer(String uid) {
    super(uid);
  }

  /** Column of images: of Spark's source {@code image}, or binary, the content of files. */
  @Override
  public Param<String> inputCol() {
    return paramSet()
        .text(
            "inputCol",
            "column of images: of Spark's source image, or binary, the content of files",
            Rule.text());
  }

  /** [channels, height, width] of the Vectors; height and width are those of every image. */
  public IntArrayParam imageShape() {
    return paramSet()
        .integers(
            "imageShape",
            "shape of the Vectors; its height and width are those of every image",
            Rule.imageShape());
  }

  /** The value of {@link #imageShape()}. */
  public int[] getImageShape() {
    return getOrDefault(imageShape());
  }

  /** Sets {@link #imageShape()}. */
  public ImageVectorizer setImageShape(int... value) {
    set(imageShape(), value);
    return this;
  }

  /**
   * What to do with a row that is not valid: error (default), which ends the job and names the
   * file, or skip, which leaves the row out and logs how many there were.
   */
  @Override
  public Param<String> handleInvalid() {
    return VectorizerParams.handleInvalid(
        paramSet(), "is null, is no image that can be read, or has another size");
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    StructType result = transformSchema(schema);
    StructField added = result.apply(result.size() - 1);
    ImageColumn column = column(schema);
    return CatalystRows.append(
        dataset,
        column.inputs(),
        List.of(added),
        new ImageRows(uid(), column, shape(), skipsInvalid()));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    column(schema);
    return Schemas.addVectors(schema, this, shape().size());
  }

  private ImageColumn column(StructType schema) {
    return ImageColumn.of(schema, "inputCol", Schemas.inputCol(this, inputCol(), schema));
  }

  private ImageShape shape() {
    if (!isDefined(imageShape())) {
      throw new IllegalArgumentException(
          "imageShape must be set: [channels, height, width] of the images, such as [3, 32, 32]");
    }
    int[] shape = getImageShape();
    return new ImageShape(shape[0], shape[1], shape[2]);
  }

  @Override
  public ImageVectorizer copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write()} saved. */
  public static MLReader<ImageVectorizer> read() {
    return new ParamsReader<>(ImageVectorizer.class, ImageVectorizer::new);
  }

  /** Loads a saved stage. */
  public static ImageVectorizer load(String path) {
    return read().load(path);
  }
}
