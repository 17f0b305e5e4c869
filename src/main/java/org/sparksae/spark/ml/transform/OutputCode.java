package org.sparksae.spark.ml.transform;

import java.io.Serializable;
import org.apache.spark.ml.param.IntParam;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.Pooling;
import org.sparksae.core.model.PoolingKind;
import org.sparksae.spark.ml.param.AutoencoderParams;
import org.sparksae.spark.ml.param.Choices;
import org.sparksae.spark.ml.param.ConvolutionalSparseAutoencoderParams;
import org.sparksae.spark.ml.param.SpecBuilder;

/**
 * The code that {@code outputCol} gets.
 *
 * @param layer the hidden layer whose code it is, from 1
 * @param size number of values in a vector
 * @param pooling pooling of the layer's maps, or null for none
 */
public record OutputCode(int layer, int size, Pooling pooling) implements Serializable {

  /**
   * Returns the code that the Params ask for.
   *
   * @throws IllegalArgumentException if there is no such layer, or the Params of pooling do not fit
   *     its maps
   */
  public static OutputCode of(AutoencoderParams params, AutoencoderSpec spec) {
    int layer = SpecBuilder.outputLayer(params, spec.depth());
    HiddenLayer hidden = spec.hiddenLayers().get(layer - 1);
    Pooling pooling =
        params instanceof ConvolutionalSparseAutoencoderParams maps
            ? pooling(maps, hidden.convolution())
            : null;
    return new OutputCode(
        layer, pooling == null ? hidden.size() : pooling.output().size(), pooling);
  }

  private static Pooling pooling(
      ConvolutionalSparseAutoencoderParams params, Convolution convolution) {
    String kind = params.getPooling();
    boolean pools = !kind.equals(Choices.NO_POOLING);
    if (!pools) {
      refuse(params, params.poolSize());
      refuse(params, params.poolStride());
      return null;
    }
    if (!params.isDefined(params.poolSize())) {
      throw new IllegalArgumentException(
          Text.format(
              "poolSize must be set with pooling = %s: rows and columns of the windows, such as 2",
              kind));
    }
    return new Pooling(
        PoolingKind.parse("pooling", kind),
        convolution.output(),
        params.getPoolSize(),
        params.isDefined(params.poolStride()) ? params.getPoolStride() : params.getPoolSize());
  }

  private static void refuse(ConvolutionalSparseAutoencoderParams params, IntParam param) {
    if (params.isDefined(param)) {
      throw new IllegalArgumentException(
          Text.format(
              "%s = %s needs pooling = max or average, got none; set pooling, or clear %s",
              param.name(), params.getOrDefault(param), param.name()));
    }
  }
}
