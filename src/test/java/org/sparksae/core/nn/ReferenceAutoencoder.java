package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparksae.core.linalg.ParameterLayout.Tensor;

/**
 * The objective and its gradient, slow and obvious: in double, one row, one unit, one weight at a
 * time. The truth that the float implementation is tested against; itself tested against finite
 * differences.
 *
 * <pre>
 * J = (1/N) sum_i v_i 1/2 |x_hat_i - x_i|^2 + (lambda/2) sum |W|^2 + sum_k w_k S_k,   N = sum_i v_i
 * dJ/dx_hat_i = (v_i/N) (x_hat_i - x_i)
 * dJ/dh_ikj  += w_k dS_k/dh_ikj                  hidden layer k of the encoder
 * dJ/dz       = dJ/dh f'(z), 0 of a unit that is not kept;   dJ/dW = dJ/dz h';   dJ/db = dJ/dz;   dJ/dh_below = W' dJ/dz
 * </pre>
 *
 * <p>Levels are numbered 0 (the input), 1 .. K (encoder), K+1 .. 2K (decoder; 2K is x_hat). It
 * shares with the product only the description of the model: the spec's records, and where each
 * named tensor lies.
 */
public final class ReferenceAutoencoder {

  /**
   * The objective's terms by name, and its gradient.
   *
   * @param terms reconstruction, weightDecay, sparsity1, ...
   * @param gradient dJ/dparameters, flat
   */
  public record Result(Map<String, Double> terms, double[] gradient) {
    /** J. */
    public double total() {
      return terms.values().stream().mapToDouble(term -> term).sum();
    }
  }

  /** One row's pre-activations and activations, by level and unit. */
  private record Pass(double[][] z, double[][] h) {}

  private final AutoencoderSpec spec;
  private final int depth;
  private final List<Tensor> tensors;

  /** By level. */
  private final int[] units;

  private final Activation[] activations;

  /** Where the weights and biases of each level begin. */
  private final int[] weightOffset;

  private final int[] biasOffset;

  /** The reference of a model. */
  public ReferenceAutoencoder(AutoencoderSpec spec) {
    this.spec = spec;
    this.depth = spec.hiddenLayers().size();
    this.tensors = spec.layout().tensors();
    this.units = new int[2 * depth + 1];
    this.activations = new Activation[2 * depth + 1];
    for (int level = 0; level <= 2 * depth; level++) {
      int k = level <= depth ? level : 2 * depth - level;
      units[level] = k == 0 ? spec.inputSize() : spec.hiddenLayers().get(k - 1).size();
      activations[level] =
          k == 0 ? spec.outputActivation() : spec.hiddenLayers().get(k - 1).activation();
    }
    this.weightOffset = new int[2 * depth + 1];
    this.biasOffset = new int[2 * depth + 1];
    for (int level = 1; level <= 2 * depth; level++) {
      boolean encoder = level <= depth;
      int layer = encoder ? level - 1 : 2 * depth - level;
      String own = (encoder ? "encoder." : "decoder.") + layer;
      String matrix = spec.tiedWeights() ? "encoder." + layer : own;
      weightOffset[level] = offset(matrix + ".weight");
      biasOffset[level] = offset(own + ".bias");
    }
  }

  /** Objective and gradient over rows [n][d] with weights [n]. */
  public Result evaluate(double[] parameters, double[][] rows, double[] weights) {
    return evaluate(parameters, rows, rows, weights);
  }

  /** The same of rows that the encoder sees as others, {@code inputs} [n][d]. */
  public Result evaluate(
      double[] parameters, double[][] inputs, double[][] rows, double[] weights) {
    Pass[] passes = forward(parameters, inputs);
    double[][] means = means(passes, weights);
    double[] gradient = new double[parameters.length];
    double n = ReferenceFunctions.sum(weights);
    for (int i = 0; i < rows.length; i++) {
      backward(parameters, passes[i], rows[i], weights[i] / n, means, gradient);
    }
    for (Tensor tensor : tensors) {
      for (int p = 0; isWeight(tensor) && p < tensor.rows() * tensor.columns(); p++) {
        gradient[tensor.offset() + p] += spec.regParam() * parameters[tensor.offset() + p];
      }
    }
    return new Result(terms(parameters, passes, rows, weights, means), gradient);
  }

  /** J alone. */
  public double objective(double[] parameters, double[][] rows, double[] weights) {
    return objective(parameters, rows, rows, weights);
  }

  /** The same of rows that the encoder sees as others, {@code inputs} [n][d]. */
  public double objective(
      double[] parameters, double[][] inputs, double[][] rows, double[] weights) {
    Pass[] passes = forward(parameters, inputs);
    Map<String, Double> terms = terms(parameters, passes, rows, weights, means(passes, weights));
    return new Result(terms, null).total();
  }

  private Map<String, Double> terms(
      double[] parameters, Pass[] passes, double[][] rows, double[] weights, double[][] means) {
    double n = ReferenceFunctions.sum(weights);
    Map<String, Double> terms = new LinkedHashMap<>();
    double reconstruction = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[i].length; j++) {
        double difference = passes[i].h[2 * depth][j] - rows[i][j];
        reconstruction += weights[i] / n * 0.5 * difference * difference;
      }
    }
    terms.put("reconstruction", reconstruction);
    double decay = 0;
    for (Tensor tensor : tensors) {
      for (int p = 0; isWeight(tensor) && p < tensor.rows() * tensor.columns(); p++) {
        double w = parameters[tensor.offset() + p];
        decay += spec.regParam() / 2 * w * w;
      }
    }
    terms.put("weightDecay", decay);
    for (int k = 1; k <= depth; k++) {
      terms.put("sparsity" + k, sparsity(k).weight() * penalty(k, passes, weights, means[k]));
    }
    return terms;
  }

  /** S_k. */
  private double penalty(int k, Pass[] passes, double[] weights, double[] means) {
    Sparsity sparsity = sparsity(k);
    boolean ofUnits = sparsity.kind().hasTarget() && sparsity.scope() == SparsityScope.UNIT;
    double penalty = 0;
    double n = ReferenceFunctions.sum(weights);
    if (ofUnits) {
      for (double mean : means) {
        penalty += ReferenceFunctions.target(sparsity, mean);
      }
      return penalty;
    }
    for (int i = 0; i < passes.length; i++) {
      double[] h = passes[i].h[k];
      double ofRow =
          switch (sparsity.kind()) {
            case KL, TARGET_L1, TARGET_L2 ->
                ReferenceFunctions.target(sparsity, ReferenceFunctions.sum(h) / h.length);
            case L1 -> ReferenceFunctions.l1(h);
            case L2 -> ReferenceFunctions.l2(h);
            case NONE -> 0;
          };
      penalty += weights[i] / n * ofRow;
    }
    return penalty;
  }

  /** dS_k/dh_ikj, for a row whose share of the weights is {@code share}. */
  private double penaltySlope(int k, int unit, double[] h, double share, double[] means) {
    Sparsity sparsity = sparsity(k);
    return switch (sparsity.kind()) {
      case KL, TARGET_L1, TARGET_L2 ->
          sparsity.scope() == SparsityScope.UNIT
              ? ReferenceFunctions.targetSlope(sparsity, means[unit]) * share
              : share
                  * ReferenceFunctions.targetSlope(sparsity, ReferenceFunctions.sum(h) / h.length)
                  / h.length;
      case L1 -> share * ReferenceFunctions.sign(h[unit]);
      case L2 -> ReferenceFunctions.l2(h) == 0 ? 0 : share * h[unit] / ReferenceFunctions.l2(h);
      case NONE -> 0;
    };
  }

  private Pass[] forward(double[] parameters, double[][] rows) {
    Pass[] passes = new Pass[rows.length];
    for (int i = 0; i < rows.length; i++) {
      double[][] z = new double[2 * depth + 1][];
      double[][] h = new double[2 * depth + 1][];
      h[0] = rows[i];
      for (int level = 1; level <= 2 * depth; level++) {
        z[level] = new double[units[level]];
        h[level] = new double[units[level]];
        for (int out = 0; out < units[level]; out++) {
          z[level][out] = parameters[biasIndex(level, out)];
          for (int in = 0; in < units[level - 1]; in++) {
            z[level][out] += parameters[weightIndex(level, out, in)] * h[level - 1][in];
          }
          h[level][out] = ReferenceFunctions.activation(activations[level], z[level][out]);
        }
        boolean[] kept = kept(level, z[level]);
        for (int out = 0; out < units[level]; out++) {
          h[level][out] = kept[out] ? h[level][out] : 0;
        }
      }
      passes[i] = new Pass(z, h);
    }
    return passes;
  }

  /** Units that are not kept are 0, whatever their z. */
  private boolean[] kept(int level, double[] z) {
    if (isKSparse(level)) {
      return ReferenceTopK.kept(spec.hiddenLayers().get(level - 1), z);
    }
    boolean[] all = new boolean[z.length];
    Arrays.fill(all, true);
    return all;
  }

  private boolean isKSparse(int level) {
    return level == depth && spec.hiddenLayers().get(depth - 1).topK() != null;
  }

  private void backward(
      double[] parameters,
      Pass pass,
      double[] x,
      double share,
      double[][] means,
      double[] gradient) {
    double[] slope = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      slope[j] = share * (pass.h[2 * depth][j] - x[j]);
    }
    for (int level = 2 * depth; level >= 1; level--) {
      double[] below = new double[units[level - 1]];
      boolean[] kept = kept(level, pass.z[level]);
      for (int out = 0; out < units[level]; out++) {
        double dh = slope[out];
        if (level <= depth) {
          double ds = penaltySlope(level, out, pass.h[level], share, means[level]);
          dh += sparsity(level).weight() * ds;
        }
        double df = ReferenceFunctions.activationSlope(activations[level], pass.z[level][out]);
        double dz = kept[out] ? dh * df : 0;
        gradient[biasIndex(level, out)] += dz;
        for (int in = 0; in < units[level - 1]; in++) {
          gradient[weightIndex(level, out, in)] += dz * pass.h[level - 1][in];
          below[in] += dz * parameters[weightIndex(level, out, in)];
        }
      }
      slope = below;
    }
  }

  /** rho_hat by encoder level and unit. */
  private double[][] means(Pass[] passes, double[] weights) {
    double[][] means = new double[depth + 1][];
    double n = ReferenceFunctions.sum(weights);
    for (int k = 1; k <= depth; k++) {
      means[k] = new double[units[k]];
      for (int i = 0; i < passes.length; i++) {
        for (int j = 0; j < units[k]; j++) {
          means[k][j] += weights[i] * passes[i].h[k][j] / n;
        }
      }
    }
    return means;
  }

  /**
   * Every quantity at whose zero the objective has no derivative: while none changes its sign, the
   * objective is smooth.
   */
  public double[] kinks(double[] parameters, double[][] rows, double[] weights) {
    Pass[] passes = forward(parameters, rows);
    double[][] means = means(passes, weights);
    List<Double> kinks = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      for (int level = 1; level <= 2 * depth; level++) {
        for (int j = 0; activations[level] == Activation.RELU && j < units[level]; j++) {
          kinks.add(passes[i].z[level][j]);
        }
      }
      for (int k = 1; k <= depth; k++) {
        addKinksOfRow(sparsity(k), activations[k], passes[i].h[k], kinks);
      }
      if (isKSparse(depth)) {
        HiddenLayer code = spec.hiddenLayers().get(depth - 1);
        for (double margin : ReferenceTopK.margins(code, passes[i].z[depth])) {
          kinks.add(margin);
        }
      }
    }
    for (int k = 1; k <= depth; k++) {
      for (int j = 0; sparsity(k).kind() == SparsityKind.TARGET_L1 && j < units[k]; j++) {
        kinks.add(means[k][j] - sparsity(k).target());
      }
    }
    return kinks.stream().mapToDouble(kink -> kink).toArray();
  }

  private static void addKinksOfRow(
      Sparsity sparsity, Activation activation, double[] h, List<Double> kinks) {
    // A ReLU's own zeros are listed already; where it is 0, so is its penalty, in a neighbourhood.
    boolean smoothAtZero = activation == Activation.RELU;
    switch (sparsity.kind()) {
      case TARGET_L1 -> kinks.add(ReferenceFunctions.sum(h) / h.length - sparsity.target());
      case L1 -> {
        for (int j = 0; !smoothAtZero && j < h.length; j++) {
          kinks.add(h[j]);
        }
      }
      case L2 -> {
        if (!smoothAtZero || ReferenceFunctions.l2(h) > 0) {
          kinks.add(ReferenceFunctions.l2(h));
        }
      }
      case KL, TARGET_L2, NONE -> {}
    }
  }

  private Sparsity sparsity(int k) {
    return spec.hiddenLayers().get(k - 1).sparsity();
  }

  private int offset(String name) {
    return tensors.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow().offset();
  }

  private int biasIndex(int level, int out) {
    return biasOffset[level] + out;
  }

  /**
   * A tied decoder reads the encoder's matrix with rows and columns exchanged; the matrix that
   * takes a k-sparse code lies likewise, unit by unit.
   */
  private int weightIndex(int level, int out, int in) {
    boolean transposed = level > depth && (spec.tiedWeights() || isKSparse(level - 1));
    int index = transposed ? in * units[level] + out : out * units[level - 1] + in;
    return weightOffset[level] + index;
  }

  private static boolean isWeight(Tensor tensor) {
    return tensor.name().endsWith(".weight");
  }
}
