package org.sparksae.spark.ml;

import org.apache.spark.ml.util.MLReader;
import org.sparksae.core.nn.AutoencoderSpec;
import org.sparksae.core.nn.HiddenLayer;

/** What {@link SparseAutoencoder} trains: a model of fully connected layers. */
public final class SparseAutoencoderModel extends AutoencoderModel<SparseAutoencoderModel>
    implements SparseAutoencoderParams {
  private static final long serialVersionUID = 1L;

  private final SparseAutoencoderParamSet params;

  SparseAutoencoderModel(String uid, AutoencoderSpec spec, float[] parameters) {
    super(uid, spec, parameters);
    this.params = new SparseAutoencoderParamSet(this);
    params.setDefaults(this);
  }

  @Override
  public SparseAutoencoderParamSet paramSet() {
    return params;
  }

  @Override
  SparseAutoencoderModel create(String uid, AutoencoderSpec spec, float[] parameters) {
    return new SparseAutoencoderModel(uid, spec, parameters);
  }

  @Override
  void setShape(AutoencoderSpec spec) {
    set(hiddenLayers(), spec.hiddenLayers().stream().mapToInt(HiddenLayer::size).toArray());
  }

  /** Reads what {@link #write()} saved. */
  public static MLReader<SparseAutoencoderModel> read() {
    return new ModelReader<>(SparseAutoencoderModel.class, SparseAutoencoderModel::new);
  }

  /** Loads a saved model. */
  public static SparseAutoencoderModel load(String path) {
    return read().load(path);
  }
}
