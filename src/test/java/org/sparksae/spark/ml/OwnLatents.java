package org.sparksae.spark.ml;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.Gated;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.JumpRelu;
import org.sparksae.core.model.LifetimeSparsity;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.Target;
import org.sparksae.core.model.TopK;

/** A model of this library that another one can compute, and the format to write it in. */
record OwnLatents(String name, String format, AutoencoderSpec spec) {
  private static final int INPUTS = 6;
  private static final int LATENTS = 16;
  private static final TopK K = new TopK(3, TopK.By.VALUE);

  static Stream<OwnLatents> all() {
    AutoencoderSpec relu = spec(INPUTS, Activation.RELU, CodeForm.ALL);
    AutoencoderSpec k = spec(INPUTS, Activation.RELU, K);
    AutoencoderSpec jump = spec(INPUTS, Activation.RELU, new JumpRelu());
    AutoencoderSpec gated = spec(INPUTS, Activation.RELU, new Gated());
    AutoencoderSpec tied =
        new AutoencoderSpec(INPUTS, k.hiddenLayers(), Activation.LINEAR, true, 0.5);
    AutoencoderSpec tiedRelu =
        new AutoencoderSpec(INPUTS, relu.hiddenLayers(), Activation.LINEAR, true, 0);
    Target target = new Target(5, false);
    Target skip = new Target(5, true);
    Target square = new Target(INPUTS, false);
    Target squareSkip = new Target(INPUTS, true);
    return Stream.concat(
        Stream.of(
                new OwnLatents("relu", "", relu),
                new OwnLatents("relu-centred", "", relu.withPreBias(true)),
                new OwnLatents("relu-tied", "", tiedRelu),
                new OwnLatents(
                    "lifetime", "", spec(INPUTS, Activation.RELU, new LifetimeSparsity(0.1))),
                new OwnLatents("k", "", k),
                new OwnLatents("k-tied-centred", "", tied.withPreBias(true)),
                new OwnLatents(
                    "k-magnitude",
                    "",
                    spec(INPUTS, Activation.LINEAR, new TopK(3, TopK.By.MAGNITUDE))),
                new OwnLatents("jump", "", jump),
                new OwnLatents("jump-centred", "", jump.withPreBias(true)),
                new OwnLatents("gated", "", gated),
                new OwnLatents("gated-centred", "", gated.withPreBias(true)),
                new OwnLatents("transcoder", "", relu.withTarget(target)),
                new OwnLatents(
                    "transcoder-centred-skip", "", relu.withTarget(skip).withPreBias(true)),
                new OwnLatents("jump-transcoder", "", jump.withTarget(target)),
                new OwnLatents(
                    "jump-transcoder-centred-skip", "", jump.withTarget(skip).withPreBias(true)))
            .map(own -> new OwnLatents("saelens-" + own.name, "saelens", own.spec)),
        Stream.of(
                new OwnLatents("k", "", k),
                new OwnLatents("k-centred", "", k.withPreBias(true)),
                new OwnLatents("k-tied", "", tied),
                new OwnLatents("transcoder", "", k.withTarget(square)),
                new OwnLatents(
                    "transcoder-centred-skip", "", k.withTarget(squareSkip).withPreBias(true)))
            .map(own -> new OwnLatents("sparsify-" + own.name, "sparsify", own.spec)));
  }

  static AutoencoderSpec spec(int inputs, Activation activation, CodeForm form) {
    return new AutoencoderSpec(
        inputs,
        List.of(new HiddenLayer(LATENTS, activation, Sparsity.NONE, form)),
        Activation.LINEAR,
        false,
        0);
  }

  SparseAutoencoderModel model() {
    return model(spec);
  }

  /** Parameters of about 1, so that a wrong sign, transpose or bias shows. */
  static SparseAutoencoderModel model(AutoencoderSpec spec) {
    return new SparseAutoencoderModel("own", spec, random(spec.layout().size(), 4));
  }

  float[][] rows() {
    float[][] rows = new float[20][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random(spec.inputSize(), 100 + i);
    }
    return rows;
  }

  private static float[] random(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (2.4 * random.nextDouble() - 1.1);
    }
    return values;
  }

  @Override
  public String toString() {
    return name;
  }
}
