package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparksae.core.Text;
import org.sparksae.spark.ml.feature.ColumnModel;
import org.sparksae.spark.ml.feature.VectorAppender;
import org.sparksae.spark.ml.file.StageSerializer;
import org.sparksae.spark.ml.file.VectorsFile;
import org.sparksae.spark.ml.param.ZcaWhiteningParams;
import org.sparksae.spark.ml.transform.SharedValue;

/** What {@link ZcaWhitening} learned: adds each row, whitened. */
@DefaultSerializer(StageSerializer.class)
public final class ZcaWhiteningModel extends ColumnModel<ZcaWhiteningModel>
    implements ZcaWhiteningParams<ZcaWhiteningModel> {
  private static final long serialVersionUID = 1L;
  private static final List<String> NAMES = List.of("mean", "whitening");

  private final double[] mean;
  private final double[] whitening;
  private SharedValue<double[][]> shared = new SharedValue<>();

  /**
   * A model that leaves rows of one value as they are. Spark Connect's servers need this
   * constructor to know the class; models come from {@code fit} and {@link #load}.
   */
  public ZcaWhiteningModel() {
    this(Identifiable$.MODULE$.randomUID("zcaWhitening"));
  }

  /** A model that leaves rows of one value as they are, with a given uid. */
  public ZcaWhiteningModel(String uid) {
    this(uid, new double[] {0}, new double[] {1});
  }

  ZcaWhiteningModel(String uid, double[] mean, double[] whitening) {
    super(uid);
    this.mean = mean;
    this.whitening = whitening;
  }

  /** d, the values of a row. */
  @Override
  public int numFeatures() {
    return mean.length;
  }

  /** Mean of the rows, [d]. */
  public Vector mean() {
    return Vectors.dense(mean.clone());
  }

  /** The symmetric matrix that whitens a centred row, [d, d]. */
  public Matrix whitening() {
    return new DenseMatrix(mean.length, mean.length, whitening.clone());
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    Broadcast<double[][]> learned =
        shared.in(dataset.sparkSession().sparkContext(), new double[][] {mean, whitening});
    return VectorAppender.transform(
        dataset, this, mean.length, () -> whitening(learned.value()[0], learned.value()[1]));
  }

  /** Goes through the rows of the symmetric matrix, a loop that the compiler vectorises. */
  private static UnaryOperator<float[]> whitening(double[] mean, double[] matrix) {
    int d = mean.length;
    double[] sums = new double[d];
    float[] white = new float[d];
    return x -> {
      Arrays.fill(sums, 0);
      for (int i = 0; i < d; i++) {
        double centred = x[i] - mean[i];
        int row = i * d;
        for (int j = 0; j < d; j++) {
          sums[j] += centred * matrix[row + j];
        }
      }
      for (int j = 0; j < d; j++) {
        white[j] = (float) sums[j];
      }
      return white;
    };
  }

  @Override
  public ZcaWhiteningModel copy(ParamMap extra) {
    ZcaWhiteningModel copy = new ZcaWhiteningModel(uid(), mean, whitening);
    copy.shared = shared;
    return copyValues(copy, extra).setParent(parent());
  }

  /** Bytes of what was learned, which a Spark Connect server counts against its limits. */
  public long estimatedSize() {
    return (long) Double.BYTES * (mean.length + whitening.length);
  }

  @Override
  public MLWriter write() {
    return VectorsFile.writer(this, NAMES, mean, whitening);
  }

  @Override
  public String toString() {
    return Text.format("ZcaWhiteningModel: uid=%s, numFeatures=%d", uid(), mean.length);
  }

  /** Reads what {@link #write()} saved. */
  public static MLReader<ZcaWhiteningModel> read() {
    return VectorsFile.reader(
        ZcaWhiteningModel.class, NAMES, (uid, vectors) -> of(uid, vectors[0], vectors[1]));
  }

  private static ZcaWhiteningModel of(String uid, double[] mean, double[] whitening) {
    if (whitening.length != (long) mean.length * mean.length) {
      throw new IllegalArgumentException(
          Text.format(
              "whitening must have %d x %d values, those of mean; got %d",
              mean.length, mean.length, whitening.length));
    }
    return new ZcaWhiteningModel(uid, mean, whitening);
  }

  /** Loads a saved model. */
  public static ZcaWhiteningModel load(String path) {
    return read().load(path);
  }
}
