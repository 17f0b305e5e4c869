package org.sparksae.core.format.foreign;

import java.util.Arrays;
import java.util.List;
import org.sparksae.core.Text;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.Gated;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.JumpRelu;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.Target;
import org.sparksae.core.model.TensorRole;
import org.sparksae.core.model.TopK;

/**
 * A model of one layer of latents, as the files of all libraries describe it.
 *
 * <pre>
 * pre   = W (x - p) + b                    p is 0 where it is null
 * h     = kind(pre)
 * x_hat = D' h + c + S (x - p)             S only of a transcoder with a skip connection
 * </pre>
 *
 * @param kind which latents are active
 * @param k latents that a row keeps, for the kinds that have it; otherwise 0
 * @param encoder W, [latents, inputs]
 * @param bias b, [latents]; of a gated model that of the gates
 * @param decoder D, [latents, outputs]
 * @param decoderBias c, [outputs]
 * @param preBias p, [inputs], or null; of an autoencoder c
 * @param threshold theta, [latents], of the kind {@link Kind#JUMP_RELU}; otherwise null
 * @param logScale r, [latents], of the kind {@link Kind#GATED}; otherwise null
 * @param magnitudeBias m, [latents], of the kind {@link Kind#GATED}; otherwise null
 * @param predicts whether x_hat is a prediction of other rows than x
 * @param skip S, [outputs, inputs], or null
 */
record Latents(
    Kind kind,
    int k,
    Matrix encoder,
    float[] bias,
    Matrix decoder,
    float[] decoderBias,
    float[] preBias,
    float[] threshold,
    float[] logScale,
    float[] magnitudeBias,
    boolean predicts,
    Matrix skip) {

  /** Which latents are active, and how large they are. */
  enum Kind {
    /** All with a positive pre-activation. */
    RELU("activation = relu"),
    /** The k largest, if they are positive. */
    TOP_K("k with activation = relu"),
    /** The k largest by magnitude, which keep their sign. */
    ABS_TOP_K("k with topKBy = magnitude"),
    /** Those above their thresholds. */
    JUMP_RELU("jumpReluThreshold or batchTopK"),
    /** Those whose gates are open. */
    GATED("gated");

    private final String params;

    Kind(String params) {
      this.params = params;
    }

    /** Returns the Params that make such a model, for messages. */
    String params() {
      return params;
    }
  }

  int inputs() {
    return encoder.columns();
  }

  int size() {
    return encoder.rows();
  }

  int outputs() {
    return decoder.columns();
  }

  /**
   * Returns the same function of x with another vector in place of p: {@code b' = b + W (p' - p)},
   * {@code c' = c + S (p' - p)}, and for the magnitudes of gated latents {@code m' = m + exp(r) W
   * (p' - p)}.
   *
   * @param other p', [inputs], or null for 0
   */
  Latents withPreBias(float[] other) {
    if (Arrays.equals(preBias, other)) {
      return this;
    }
    float[] step = new float[inputs()];
    for (int j = 0; j < step.length; j++) {
      step[j] = (other == null ? 0 : other[j]) - (preBias == null ? 0 : preBias[j]);
    }
    double[] moved = encoder.times(step);
    return new Latents(
        kind,
        k,
        encoder,
        plus(bias, moved, null),
        decoder,
        skip == null ? decoderBias : plus(decoderBias, skip.times(step), null),
        other,
        threshold,
        logScale,
        magnitudeBias == null ? null : plus(magnitudeBias, moved, logScale),
        predicts,
        skip);
  }

  private static float[] plus(float[] vector, double[] step, float[] logScale) {
    float[] sum = new float[vector.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = (float) (vector[i] + (logScale == null ? 1 : Math.exp(logScale[i])) * step[i]);
    }
    return sum;
  }

  /**
   * Returns the same model with pre-activations multiplied by the lengths of their decoder vectors,
   * and with vectors of length 1: {@code W_j |D_j|, b_j |D_j|, D_j / |D_j|}. A latent is then
   * ranked by what it adds to a reconstruction.
   *
   * @throws IllegalArgumentException if a decoder vector is 0
   */
  Latents rescaledByDecoder() {
    double[] norms = decoder.rowNorms();
    double[] inverse = new double[norms.length];
    float[] scaledBias = new float[norms.length];
    for (int i = 0; i < norms.length; i++) {
      if (norms[i] == 0) {
        throw new IllegalArgumentException(
            Text.format(
                "rescale_acts_by_decoder_norm divides by the length of the decoder vector of latent"
                    + " %d, which is 0",
                i));
      }
      inverse[i] = 1 / norms[i];
      scaledBias[i] = (float) (norms[i] * bias[i]);
    }
    return new Latents(
        kind,
        k,
        encoder.scaledRows(norms),
        scaledBias,
        decoder.scaledRows(inverse),
        decoderBias,
        preBias,
        threshold,
        logScale,
        magnitudeBias,
        predicts,
        skip);
  }

  /** Returns the description of the model, as this library has it. */
  AutoencoderSpec spec() {
    CodeForm form =
        switch (kind) {
          case RELU -> CodeForm.ALL;
          case TOP_K -> new TopK(k, TopK.By.VALUE);
          case ABS_TOP_K -> new TopK(k, TopK.By.MAGNITUDE);
          case JUMP_RELU -> new JumpRelu();
          case GATED -> new Gated();
        };
    Activation activation = kind == Kind.ABS_TOP_K ? Activation.LINEAR : Activation.RELU;
    return new AutoencoderSpec(
            inputs(),
            List.of(new HiddenLayer(size(), activation, Sparsity.NONE, form)),
            Activation.LINEAR,
            false,
            0)
        .withPreBias(preBias != null)
        .withTarget(predicts ? new Target(outputs(), skip != null) : null);
  }

  /** Returns the parameters of {@link #spec()}. */
  float[] parameters() {
    AutoencoderSpec spec = spec();
    ParameterLayout layout = spec.layout();
    float[] parameters = new float[layout.size()];
    encoder.copyTo(parameters, layout.tensor(ParameterLayout.encoderWeight(1)).offset());
    boolean byUnit = spec.code().form().isDecodedByUnit();
    Matrix stored = byUnit ? decoder : decoder.transpose();
    stored.copyTo(parameters, layout.tensor(ParameterLayout.decoderWeight(1)).offset());
    copy(bias, parameters, layout, ParameterLayout.encoderBias(1));
    copy(decoderBias, parameters, layout, ParameterLayout.decoderBias(1));
    copy(threshold, parameters, layout, ParameterLayout.threshold(1));
    copy(logScale, parameters, layout, ParameterLayout.ofCode(1, TensorRole.LOG_SCALE));
    copy(magnitudeBias, parameters, layout, ParameterLayout.ofCode(1, TensorRole.MAGNITUDE_BIAS));
    if (predicts) {
      copy(preBias, parameters, layout, ParameterLayout.PRE_BIAS);
    }
    if (skip != null) {
      skip.copyTo(parameters, layout.tensor(ParameterLayout.SKIP).offset());
    }
    return parameters;
  }

  private static void copy(float[] vector, float[] parameters, ParameterLayout layout, String to) {
    if (vector != null) {
      System.arraycopy(vector, 0, parameters, layout.tensor(to).offset(), vector.length);
    }
  }

  /**
   * Returns a model of this library.
   *
   * @param parameters shared, not copied
   * @throws IllegalArgumentException if it is not one layer of latents, naming the Param
   */
  static Latents of(AutoencoderSpec spec, float[] parameters) {
    require(
        spec.depth() == 1,
        "hiddenLayers has %d layers, but files of other libraries have one; export model.layer(k)",
        spec.depth());
    require(!spec.isConvolutional(), "filters: files of other libraries have no convolutions");
    require(
        spec.outputActivation() == Activation.LINEAR,
        "outputActivation is %s, but files of other libraries have a linear reconstruction",
        spec.outputActivation().paramName());
    View view = new View(spec.layout(), parameters);
    Kind kind = kind(spec.code());
    Matrix encoder = view.matrix(ParameterLayout.encoderWeight(1));
    String weights = ParameterLayout.decoderWeight(1);
    boolean byUnit = spec.code().form().isDecodedByUnit();
    Matrix decoder = encoder;
    if (!spec.tiedWeights()) {
      decoder = byUnit ? view.matrix(weights) : view.matrix(weights).transpose();
    }
    boolean jumps = kind == Kind.JUMP_RELU;
    boolean gates = kind == Kind.GATED;
    return new Latents(
        kind,
        spec.code().form().unitsKept().orElse(0),
        encoder,
        view.vector(ParameterLayout.encoderBias(1)),
        decoder,
        view.vector(ParameterLayout.decoderBias(1)),
        spec.preBias() ? view.vector(spec.preBiasTensor()) : null,
        jumps ? view.vector(ParameterLayout.threshold(1)) : null,
        gates ? view.vector(ParameterLayout.ofCode(1, TensorRole.LOG_SCALE)) : null,
        gates ? view.vector(ParameterLayout.ofCode(1, TensorRole.MAGNITUDE_BIAS)) : null,
        spec.target() != null,
        spec.hasSkip() ? view.matrix(ParameterLayout.SKIP) : null);
  }

  private static Kind kind(HiddenLayer code) {
    CodeForm form = code.form().encoding();
    if (form.hasThresholds()) {
      return Kind.JUMP_RELU;
    }
    if (form.tensors().contains(TensorRole.LOG_SCALE)) {
      return Kind.GATED;
    }
    boolean relu = code.activation() == Activation.RELU;
    if (form instanceof TopK topK) {
      require(
          relu || topK.by() == TopK.By.MAGNITUDE,
          "topKBy is value with activation = linear, so that a code may be negative; files of other"
              + " libraries have k with activation = relu, or topKBy = magnitude");
      return relu ? Kind.TOP_K : Kind.ABS_TOP_K;
    }
    require(
        relu,
        "activation is %s, but files of other libraries have relu",
        code.activation().paramName());
    return Kind.RELU;
  }

  /** The tensors in a parameter array. */
  private record View(ParameterLayout layout, float[] parameters) {

    Matrix matrix(String name) {
      ParameterLayout.Tensor tensor = layout.tensor(name);
      return new Matrix(parameters, tensor.offset(), tensor.rows(), tensor.columns(), false);
    }

    float[] vector(String name) {
      ParameterLayout.Tensor tensor = layout.tensor(name);
      return Arrays.copyOfRange(parameters, tensor.offset(), tensor.end());
    }
  }

  private static void require(boolean rule, String message, Object... args) {
    if (!rule) {
      throw new IllegalArgumentException(Text.format(message, args));
    }
  }
}
