package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.core.stats.PatchScale;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.ml.feature.ColumnModel;
import org.sparksae.spark.ml.feature.VectorAppender;
import org.sparksae.spark.ml.file.StageSerializer;
import org.sparksae.spark.ml.file.VectorsFile;
import org.sparksae.spark.ml.param.PatchScalingParams;

/**
 * What {@link PatchScaling} learned: adds each patch, scaled by the spread of the training patches.
 */
@DefaultSerializer(StageSerializer.class)
public final class PatchScalingModel extends ColumnModel<PatchScalingModel>
    implements PatchScalingParams<PatchScalingModel> {
  private static final long serialVersionUID = 1L;
  private static final List<String> NAMES = List.of("scale");

  /** For models saved before they recorded how many values a row has. */
  private static final int UNKNOWN = -1;

  private final int numFeatures;
  private final double limit;
  private final double min;
  private final double max;

  /**
   * A model of patches of one value with the limit 1 and the range [0, 1]. Spark Connect's servers
   * need this constructor to know the class; models come from {@code fit} and {@link #load}.
   */
  public PatchScalingModel() {
    this(Identifiable$.MODULE$.randomUID("patchScaling"));
  }

  /** A model of patches of one value with the limit 1 and the range [0, 1]. */
  public PatchScalingModel(String uid) {
    this(uid, 1, 1, 0, 1);
  }

  PatchScalingModel(String uid, int numFeatures, double limit, double min, double max) {
    super(uid);
    this.numFeatures = numFeatures;
    this.limit = limit;
    this.min = min;
    this.max = max;
  }

  /**
   * d, the values of a row; -1 for a model saved by an earlier version, which did not record it.
   */
  @Override
  public int numFeatures() {
    return numFeatures;
  }

  /** c, the distance from its patch's mean at which a value is clipped. */
  public double limit() {
    return limit;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    int size = size(dataset.schema());
    double scale = (max - min) / (2 * limit);
    double bound = limit;
    double middle = (min + max) / 2;
    return VectorAppender.transform(dataset, this, size, () -> scaling(size, bound, scale, middle));
  }

  /** Values of a row, without reading one. */
  private int size(StructType schema) {
    StructType result = transformSchema(schema);
    int size =
        numFeatures == UNKNOWN
            ? FeatureColumn.attributeSize(result.apply(getInputCol()))
            : numFeatures;
    if (size < 1) {
      throw new IllegalArgumentException(
          Text.format(
              "inputCol: column '%s' does not say how many values its vectors have, and this model was saved by a version that did not keep it; fit it again, or put a VectorSizeHint before it",
              getInputCol()));
    }
    return size;
  }

  private static UnaryOperator<float[]> scaling(
      int size, double limit, double scale, double middle) {
    float[] scaled = new float[size];
    return x -> {
      double mean = PatchScale.mean(x);
      for (int j = 0; j < size; j++) {
        double clipped = Math.max(-limit, Math.min(limit, x[j] - mean));
        scaled[j] = (float) (middle + scale * clipped);
      }
      return scaled;
    };
  }

  @Override
  public PatchScalingModel copy(ParamMap extra) {
    return copyValues(new PatchScalingModel(uid(), numFeatures, limit, min, max), extra)
        .setParent(parent());
  }

  /** Bytes of what was learned, which a Spark Connect server counts against its limits. */
  public long estimatedSize() {
    return 3L * Double.BYTES + Integer.BYTES;
  }

  @Override
  public MLWriter write() {
    return VectorsFile.writer(this, NAMES, new double[] {limit, min, max, numFeatures});
  }

  @Override
  public String toString() {
    return Text.format(
        "PatchScalingModel: uid=%s, limit=%s, min=%s, max=%s", uid(), limit, min, max);
  }

  /** Reads what {@link #write()} saved. */
  public static MLReader<PatchScalingModel> read() {
    return VectorsFile.reader(
        PatchScalingModel.class, NAMES, (uid, vectors) -> of(uid, vectors[0]));
  }

  private static PatchScalingModel of(String uid, double[] saved) {
    if (saved.length < 3) {
      throw new IllegalArgumentException(
          Text.format("scale must have limit, min and max; got %d values", saved.length));
    }
    int numFeatures = saved.length > 3 ? (int) saved[3] : UNKNOWN;
    return new PatchScalingModel(uid, numFeatures, saved[0], saved[1], saved[2]);
  }

  /** Loads a saved model. */
  public static PatchScalingModel load(String path) {
    return read().load(path);
  }
}
