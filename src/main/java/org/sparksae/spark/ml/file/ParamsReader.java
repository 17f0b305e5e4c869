package org.sparksae.spark.ml.file;

import java.util.function.Function;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;

/**
 * Reads stages that are saved as Params alone. Unlike Spark's own reader it refuses files of
 * another class and takes a path literally.
 */
public final class ParamsReader<T extends Params> extends MLReader<T> {
  private final Class<T> type;
  private final Function<String, T> ofUid;

  public ParamsReader(Class<T> type, Function<String, T> ofUid) {
    this.type = type;
    this.ofUid = ofUid;
  }

  @Override
  public T load(String path) {
    return SparkMetadata.load(path, sc().hadoopConfiguration(), type, ofUid);
  }
}
