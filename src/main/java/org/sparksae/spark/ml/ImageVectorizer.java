package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.model.ImageShape;
import org.sparksae.spark.data.CatalystRows;
import org.sparksae.spark.data.ImageColumn;

/**
 * Makes a Vector of each image: its pixels as values in [0, 1], [channels, height, width] flattened
 * in that order, as {@link ConvolutionalSparseAutoencoder} takes them.
 *
 * <p>The input column is the struct {@code image} of Spark's source {@code image}, or the {@code
 * content} of its source {@code binaryFile}: JPEG, PNG, GIF (the first image) or BMP files, decoded
 * by the Java platform. Of three channels the order is red, green, blue; one is the luminance,
 * {@code 0.299 R + 0.587 G + 0.114 B} of the values as stored. A grey image has its grey in every
 * channel. Opacity is left out. Colours of files in another space than sRGB are converted; how a
 * camera was held is not looked at. Of {@code content} all 16 bits of a value count; Spark's {@code
 * image} has 8, and of a grey file of 16 only the lower ones, which are of no use.
 *
 * <p>A row is valid if its image can be read and is of the size of {@link #imageShape()}: nothing
 * is resized. Of {@code content} the size is looked at before pixels are decoded, so a file that
 * claims a billion of them does no harm, and a JPEG that ends too early is not valid; Spark's
 * source {@code image} decodes whatever there is, and makes what is missing grey.
 */
@DefaultSerializer(StageSerializer.class)
public final class ImageVectorizer extends Transformer
    implements ColumnParams<ImageVectorizer>, SharedParams.Validity, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ColumnParamSet columns;
  private final IntArrayParam imageShape;
  private final Param<String> handleInvalid;

  /** A stage with a uid of its own. */
  public ImageVectorizer() {
    this(Identifiable$.MODULE$.randomUID("imageVectorizer"));
  }

  /** A stage with a given uid. */
  public ImageVectorizer(String uid) {
    this.uid = uid;
    columns =
        new ColumnParamSet(
            this, "column of images: of Spark's source 'image', or binary, the content of files");
    imageShape =
        new IntArrayParam(
            this,
            "imageShape",
            "[channels, height, width] of the Vectors; 1 channel (luminance) or 3 (red, green, blue)",
            Rules.imageShape("imageShape"));
    handleInvalid =
        new Param<>(
            this,
            "handleInvalid",
            "what to do with a row that is null, no image that can be read, or of another size: error or skip",
            Rules.oneOf(
                "handleInvalid", List.of(AutoencoderParamSet.ERROR, AutoencoderParamSet.SKIP)));
    setDefault(columns.outputCol, uid + "__output");
    setDefault(handleInvalid, AutoencoderParamSet.ERROR);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public ColumnParamSet columns() {
    return columns;
  }

  /**
   * [channels, height, width] of the Vectors, and height and width of every image; 1 channel or 3.
   */
  public IntArrayParam imageShape() {
    return imageShape;
  }

  /**
   * What to do with a row that is not valid: error (default), which fails the job and names the
   * file, or skip, which leaves it out and logs how many there were.
   */
  @Override
  public Param<String> handleInvalid() {
    return handleInvalid;
  }

  /** The value of {@link #imageShape()}. */
  public int[] getImageShape() {
    return getOrDefault(imageShape);
  }

  /** The value of {@link #handleInvalid()}. */
  @Override
  public String getHandleInvalid() {
    return getOrDefault(handleInvalid);
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    StructType result = transformSchema(schema);
    StructField added = result.apply(result.size() - 1);
    boolean skip = getHandleInvalid().equals(AutoencoderParamSet.SKIP);
    return CatalystRows.append(
        dataset, List.of(added), new ImageRows(column(schema), shape(), skip));
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
    if (!isDefined(imageShape)) {
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

  /** Sets {@link #imageShape()}. */
  public ImageVectorizer setImageShape(int... value) {
    set(imageShape, value);
    return this;
  }

  /** Sets {@link #handleInvalid()}. */
  public ImageVectorizer setHandleInvalid(String value) {
    set(handleInvalid, value);
    return this;
  }
}
