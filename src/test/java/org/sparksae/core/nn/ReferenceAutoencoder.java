package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.model.LifetimeSparsity;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Precision;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.SpatialSparsity;
import org.sparksae.core.model.TopK;

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
 * <p>Rows of a transcoder hold x and y, which takes the place of x in J; with a skip connection
 * x_hat gains S (x - p), with p the pre-bias.
 *
 * <p>With products of bfloat16, both sides of a product of dense values are rounded: W and h, W and
 * N dJ/dz, N dJ/dz and h. The products of a pre-bias, and those with a sparse code, are not.
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

  /**
   * J, and every quantity at whose zero it has no derivative: while none changes its sign, J is
   * smooth.
   */
  public record Probe(double objective, double[] kinks) {}

  /** One row's pre-activations and activations, and which of them are kept, by level and unit. */
  private record Pass(double[][] z, double[][] h, boolean[][] kept) {}

  /** The values of the level below that a value is connected to, and the weight of each. */
  private record Links(int[] below, int[] weights) {}

  private final AutoencoderSpec spec;
  private final int depth;
  private final List<Tensor> tensors;

  /** Those of the tensors that decay. */
  private final List<Tensor> matrices;

  /** By level. */
  private final int[] units;

  /** Values that a unit of a level has in a row. */
  private final int[] positions;

  private final Activation[] activations;

  /** Where the weights and biases of each level begin. */
  private final int[] weightOffset;

  private final int[] biasOffset;

  /** By level and value. */
  private final Links[][] links;

  /** Where S begins; negative if there is none. */
  private final int skip;

  private final ReferenceRounding rounding;

  /** The reference of a model. */
  public ReferenceAutoencoder(AutoencoderSpec spec) {
    this.spec = spec;
    this.rounding = new ReferenceRounding(spec);
    this.depth = spec.hiddenLayers().size();
    this.tensors = spec.layout().tensors();
    this.matrices = tensors.stream().filter(tensor -> tensor.name().endsWith(".weight")).toList();
    this.units = new int[2 * depth + 1];
    this.positions = new int[2 * depth + 1];
    this.activations = new Activation[2 * depth + 1];
    for (int level = 0; level <= 2 * depth; level++) {
      int k = level <= depth ? level : 2 * depth - level;
      units[level] = k == 0 ? spec.inputSize() : spec.hiddenLayers().get(k - 1).size();
      activations[level] =
          k == 0 ? spec.outputActivation() : spec.hiddenLayers().get(k - 1).activation();
    }
    units[2 * depth] = spec.outputSize();
    this.skip = spec.hasSkip() ? offset("decoder.0.skip") : -1;
    this.links = new Links[2 * depth + 1][];
    this.weightOffset = new int[2 * depth + 1];
    this.biasOffset = new int[2 * depth + 1];
    for (int level = 1; level <= 2 * depth; level++) {
      boolean encoder = level <= depth;
      int layer = encoder ? level - 1 : 2 * depth - level;
      String own = (encoder ? "encoder." : "decoder.") + layer;
      String matrix = spec.tiedWeights() ? "encoder." + layer : own;
      weightOffset[level] = offset(matrix + ".weight");
      biasOffset[level] = offset(own + ".bias");
      positions[level] = convolution(level) == null ? 1 : convolution(level).output().pixels();
      links[level] = linksOf(level);
    }
  }

  /** Objective and gradient over rows [n][d] with weights [n]. */
  public Result evaluate(double[] parameters, double[][] rows, double[] weights) {
    return evaluate(parameters, rows, rows, weights);
  }

  /** The same of rows that the encoder sees as others, {@code inputs} [n][d]. */
  public Result evaluate(
      double[] parameters, double[][] inputs, double[][] rows, double[] weights) {
    Pass[] passes = forward(parameters, inputs, weights);
    double[][] means = means(passes, weights);
    double[] gradient = new double[parameters.length];
    double n = ReferenceFunctions.sum(weights);
    for (int i = 0; i < rows.length; i++) {
      backward(parameters, passes[i], rows[i], weights[i] / n, n, means, gradient);
    }
    for (Tensor tensor : matrices) {
      for (int p = 0; p < tensor.rows() * tensor.columns(); p++) {
        gradient[tensor.offset() + p] += spec.regParam() * parameters[tensor.offset() + p];
      }
    }
    return new Result(terms(parameters, passes, rows, weights, means), gradient);
  }

  /** J alone, of rows that the encoder sees as others, {@code inputs} [n][d]. */
  public double objective(
      double[] parameters, double[][] inputs, double[][] rows, double[] weights) {
    Pass[] passes = forward(parameters, inputs, weights);
    Map<String, Double> terms = terms(parameters, passes, rows, weights, means(passes, weights));
    return new Result(terms, null).total();
  }

  private Map<String, Double> terms(
      double[] parameters, Pass[] passes, double[][] rows, double[] weights, double[][] means) {
    double n = ReferenceFunctions.sum(weights);
    Map<String, Double> terms = new LinkedHashMap<>();
    double reconstruction = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < units[2 * depth]; j++) {
        double difference = passes[i].h[2 * depth][j] - rows[i][spec.cut() + j];
        reconstruction += weights[i] / n * 0.5 * difference * difference;
      }
    }
    terms.put("reconstruction", reconstruction);
    double decay = 0;
    for (Tensor tensor : matrices) {
      for (int p = 0; p < tensor.rows() * tensor.columns(); p++) {
        double w = parameters[tensor.offset() + p];
        decay += spec.regParam() / 2 * w * w;
      }
    }
    terms.put("weightDecay", decay);
    for (int k = 1; k <= depth; k++) {
      terms.put(
          "sparsity" + k, sparsity(k).weight() * penalty(k, parameters, passes, weights, means[k]));
    }
    return terms;
  }

  /** S_k. */
  private double penalty(
      int k, double[] parameters, Pass[] passes, double[] weights, double[] means) {
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
            case DECODER_L1 -> decoderL1(k, parameters, h);
            case L2 -> ReferenceFunctions.l2(h);
            case L0, TARGET_L0, TANH -> throw new IllegalArgumentException("see ReferenceJumpRelu");
            case NONE -> 0;
          };
      penalty += weights[i] / n * ofRow;
    }
    return penalty;
  }

  /** sum over j of |h_j| |w_j|. */
  private double decoderL1(int k, double[] parameters, double[] h) {
    double sum = 0;
    for (int unit = 0; unit < h.length; unit++) {
      sum += Math.abs(h[unit]) * decoderNorm(k, unit, parameters);
    }
    return sum;
  }

  private double decoderNorm(int k, int unit, double[] parameters) {
    double squares = 0;
    for (int index : decoderVector(k, unit)) {
      squares += parameters[index] * parameters[index];
    }
    return Math.sqrt(squares);
  }

  /** Where the weights lie through which a unit of layer k enters the level above its code. */
  private int[] decoderVector(int k, int unit) {
    int level = 2 * depth - k + 1;
    return IntStream.range(0, units[level]).map(out -> weightIndex(level, out, unit)).toArray();
  }

  /** What a row adds to the gradient of the decoder vectors that its penalty is about. */
  private void addDecoderPenalty(
      int k, double[] parameters, double[] h, double share, double[] gradient) {
    for (int unit = 0; unit < h.length; unit++) {
      double factor =
          sparsity(k).weight() * share * Math.abs(h[unit]) / decoderNorm(k, unit, parameters);
      for (int index : decoderVector(k, unit)) {
        gradient[index] += factor * parameters[index];
      }
    }
  }

  /** dS_k/dh_ikj, for a row whose share of the weights is {@code share}. */
  private double penaltySlope(
      int k, int unit, double[] parameters, double[] h, double share, double[] means) {
    Sparsity sparsity = sparsity(k);
    return switch (sparsity.kind()) {
      case KL, TARGET_L1, TARGET_L2 ->
          sparsity.scope() == SparsityScope.UNIT
              ? ReferenceFunctions.targetSlope(sparsity, means[unit / positions[k]])
                  * share
                  / positions[k]
              : share
                  * ReferenceFunctions.targetSlope(sparsity, ReferenceFunctions.sum(h) / h.length)
                  / h.length;
      case L1 -> share * ReferenceFunctions.sign(h[unit]);
      case DECODER_L1 ->
          share * ReferenceFunctions.sign(h[unit]) * decoderNorm(k, unit, parameters);
      case L2 -> ReferenceFunctions.l2(h) == 0 ? 0 : share * h[unit] / ReferenceFunctions.l2(h);
      case L0, TARGET_L0, TANH, NONE -> 0;
    };
  }

  /** Level by level, as which of a unit's activations are kept may depend on all rows. */
  private Pass[] forward(double[] parameters, double[][] rows, double[] weights) {
    Pass[] passes = new Pass[rows.length];
    for (int i = 0; i < rows.length; i++) {
      passes[i] =
          new Pass(
              new double[2 * depth + 1][],
              new double[2 * depth + 1][],
              new boolean[2 * depth + 1][]);
      passes[i].h[0] = rows[i];
    }
    for (int level = 1; level <= 2 * depth; level++) {
      for (Pass pass : passes) {
        activate(parameters, pass, level);
      }
      if (hasLifetime(level)) {
        keepWinners(passes, level, weights);
      }
      for (Pass pass : passes) {
        for (int out = 0; out < units[level]; out++) {
          pass.h[level][out] = pass.kept[level][out] ? pass.h[level][out] : 0;
        }
      }
    }
    return passes;
  }

  private void activate(double[] parameters, Pass pass, int level) {
    pass.z[level] = new double[units[level]];
    pass.h[level] = new double[units[level]];
    for (int out = 0; out < units[level]; out++) {
      double z = parameters[biasIndex(level, out)];
      int[] below = links[level][out].below;
      int[] weights = links[level][out].weights;
      for (int c = 0; c < below.length; c++) {
        double weight = parameters[weights[c]];
        double h = pass.h[level - 1][below[c]];
        z += isSparse(level - 1) ? weight * h : rounding.of(weight) * rounding.of(h);
        z -= isMoved(level) ? weight * parameters[preBias(below[c])] : 0;
      }
      for (int in = 0; skips(level) && in < units[0]; in++) {
        double weight = parameters[skip + out * units[0] + in];
        z += rounding.of(weight) * rounding.of(pass.h[0][in]);
        z -= spec.preBias() ? weight * parameters[preBias(in)] : 0;
      }
      pass.z[level][out] = z;
      pass.h[level][out] = ReferenceFunctions.activation(activations[level], z);
    }
    pass.kept[level] = kept(level, pass.z[level]);
  }

  /** Whether the values of a level are a code of few values, whose products are not rounded. */
  private boolean isSparse(int level) {
    return isKSparse(level) || hasLifetime(level) && spec.code().form().isSparse();
  }

  private int preBias(int in) {
    return spec.target() == null ? biasIndex(2 * depth, in) : offset("encoder.0.preBias") + in;
  }

  private boolean skips(int level) {
    return skip >= 0 && level == 2 * depth;
  }

  private boolean isMoved(int level) {
    return level == 1 && spec.preBias();
  }

  private void keepWinners(Pass[] passes, int level, double[] weights) {
    for (int unit = 0; unit < units[level] / positions[level]; unit++) {
      int[][] places = competing(passes, level, unit);
      boolean[] kept =
          ReferenceLifetime.kept(share(), ofPlaces(passes, level, places), ofRows(places, weights));
      for (int c = 0; c < places.length; c++) {
        passes[places[c][0]].kept[level][places[c][1]] = kept[c];
      }
    }
  }

  /** Row and index of each of a unit's values that is still kept, by row. */
  private int[][] competing(Pass[] passes, int level, int unit) {
    List<int[]> places = new ArrayList<>();
    for (int i = 0; i < passes.length; i++) {
      for (int j = unit * positions[level]; j < (unit + 1) * positions[level]; j++) {
        if (!isSpatial(level)
            || ReferenceConvolution.isLargest(j, positions[level], passes[i].z[level])) {
          places.add(new int[] {i, j});
        }
      }
    }
    return places.toArray(int[][]::new);
  }

  /** The pre-activations there. */
  private static double[] ofPlaces(Pass[] passes, int level, int[][] places) {
    return Arrays.stream(places).mapToDouble(at -> passes[at[0]].z[level][at[1]]).toArray();
  }

  private static double[] ofRows(int[][] places, double[] weights) {
    return Arrays.stream(places).mapToDouble(at -> weights[at[0]]).toArray();
  }

  private boolean isSpatial(int level) {
    return level == depth && spec.code().isSpatial();
  }

  /** Of an encoder level, or the decoder level that takes its code; null for other kinds. */
  private Convolution convolution(int level) {
    int k = level <= depth ? level : 2 * depth - level + 1;
    return spec.hiddenLayers().get(k - 1).convolution();
  }

  private Links[] linksOf(int level) {
    Links[] all = new Links[units[level]];
    for (int i = 0; i < all.length; i++) {
      int out = i;
      int[] below =
          IntStream.range(0, units[level - 1])
              .filter(in -> convolution(level) == null || tap(level, out, in) >= 0)
              .toArray();
      int[] weights = Arrays.stream(below).map(in -> weightIndex(level, out, in)).toArray();
      all[i] = new Links(below, weights);
    }
    return all;
  }

  /** The weight between a value of a map and one of an image; negative if there is none. */
  private int tap(int level, int out, int in) {
    return level <= depth
        ? ReferenceConvolution.weight(convolution(level), out, in)
        : ReferenceConvolution.weight(convolution(level), in, out);
  }

  private boolean hasLifetime(int level) {
    return level == depth && lifetime() != null;
  }

  private double share() {
    return lifetime().share();
  }

  private LifetimeSparsity lifetime() {
    CodeForm form = spec.code().form();
    CodeForm winners = form instanceof SpatialSparsity spatial ? spatial.of() : form;
    return winners instanceof LifetimeSparsity lifetime ? lifetime : null;
  }

  /** Units that are not kept are 0, whatever their z. */
  private boolean[] kept(int level, double[] z) {
    if (isKSparse(level)) {
      HiddenLayer layer = spec.hiddenLayers().get(level - 1);
      boolean[] kept = new boolean[z.length];
      for (int position = 0; position < positions[level]; position++) {
        boolean[] there = ReferenceTopK.kept(layer, at(position, level, z));
        for (int unit = 0; unit < there.length; unit++) {
          kept[unit * positions[level] + position] = there[unit];
        }
      }
      return kept;
    }
    if (isSpatial(level)) {
      boolean[] kept = new boolean[z.length];
      for (int j = 0; j < z.length; j++) {
        kept[j] = ReferenceConvolution.isLargest(j, positions[level], z);
      }
      return kept;
    }
    boolean[] all = new boolean[z.length];
    Arrays.fill(all, true);
    return all;
  }

  /** What all units have at one position. */
  private double[] at(int position, int level, double[] z) {
    double[] there = new double[z.length / positions[level]];
    for (int unit = 0; unit < there.length; unit++) {
      there[unit] = z[unit * positions[level] + position];
    }
    return there;
  }

  private boolean isKSparse(int level) {
    return level == depth && spec.code().form() instanceof TopK;
  }

  private void backward(
      double[] parameters,
      Pass pass,
      double[] x,
      double share,
      double n,
      double[][] means,
      double[] gradient) {
    double[] slope = new double[units[2 * depth]];
    for (int j = 0; j < slope.length; j++) {
      slope[j] = share * (pass.h[2 * depth][j] - x[spec.cut() + j]);
    }
    for (int level = 2 * depth; level >= 1; level--) {
      double[] below = new double[units[level - 1]];
      boolean[] kept = pass.kept[level];
      for (int out = 0; out < units[level]; out++) {
        double dh = slope[out];
        if (level <= depth) {
          double ds = penaltySlope(level, out, parameters, pass.h[level], share, means[level]);
          dh += sparsity(level).weight() * ds;
        }
        double df = ReferenceFunctions.activationSlope(activations[level], pass.z[level][out]);
        double dz = kept[out] ? dh * df : 0;
        gradient[biasIndex(level, out)] += dz;
        // The sums over rows are divided by N after the products.
        double side = rounding.of(n * dz) / n;
        for (int in = 0; skips(level) && in < units[0]; in++) {
          int weight = skip + out * units[0] + in;
          gradient[weight] += side * rounding.of(pass.h[0][in]);
          addPreBias(in, weight, dz, spec.preBias(), parameters, gradient);
        }
        boolean few = isSparse(level) || isSparse(level - 1);
        Links to = links[level][out];
        for (int c = 0; c < to.below.length; c++) {
          int weight = to.weights[c];
          double h = pass.h[level - 1][to.below[c]];
          gradient[weight] += few ? dz * h : side * rounding.of(h);
          below[to.below[c]] +=
              few ? dz * parameters[weight] : side * rounding.of(parameters[weight]);
          addPreBias(to.below[c], weight, dz, isMoved(level), parameters, gradient);
        }
      }
      if (level <= depth && sparsity(level).kind() == SparsityKind.DECODER_L1) {
        addDecoderPenalty(level, parameters, pass.h[level], share, gradient);
      }
      slope = below;
    }
  }

  /** What a pre-bias adds where a weight takes x - c. */
  private void addPreBias(
      int in, int weight, double dz, boolean moved, double[] parameters, double[] gradient) {
    if (moved) {
      gradient[weight] -= dz * parameters[preBias(in)];
      gradient[preBias(in)] -= dz * parameters[weight];
    }
  }

  /** rho_hat by encoder level and unit. */
  private double[][] means(Pass[] passes, double[] weights) {
    double[][] means = new double[depth + 1][];
    double n = ReferenceFunctions.sum(weights);
    for (int k = 1; k <= depth; k++) {
      means[k] = new double[units[k] / positions[k]];
      for (int i = 0; i < passes.length; i++) {
        for (int j = 0; j < units[k]; j++) {
          means[k][j / positions[k]] += weights[i] * passes[i].h[k][j] / n / positions[k];
        }
      }
    }
    return means;
  }

  /** Those of {@link #probe}, and how near a rounded value is to a tie. */
  public double[] kinks(double[] parameters, double[][] rows, double[] weights) {
    Pass[] passes = forward(parameters, rows, weights);
    double[] kinks = kinks(passes, weights, means(passes, weights));
    if (spec.precision() == Precision.FLOAT32) {
      return kinks;
    }
    ReferenceAutoencoder alone = new ReferenceAutoencoder(spec);
    alone.evaluate(parameters, rows, weights);
    return DoubleStream.concat(Arrays.stream(kinks), DoubleStream.of(alone.rounding.nearestTie()))
        .toArray();
  }

  /** J, and how far from its kinks it is. */
  public Probe probe(double[] parameters, double[][] rows, double[] weights) {
    Pass[] passes = forward(parameters, rows, weights);
    double[][] means = means(passes, weights);
    Map<String, Double> terms = terms(parameters, passes, rows, weights, means);
    return new Probe(new Result(terms, null).total(), kinks(passes, weights, means));
  }

  private double[] kinks(Pass[] passes, double[] weights, double[][] means) {
    DoubleStream.Builder kinks = DoubleStream.builder();
    for (int i = 0; i < passes.length; i++) {
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
        for (int position = 0; position < positions[depth]; position++) {
          double[] there = at(position, depth, passes[i].z[depth]);
          for (double margin : ReferenceTopK.margins(code, there)) {
            kinks.add(margin);
          }
        }
      }
      if (isSpatial(depth)) {
        for (double margin : ReferenceConvolution.margins(positions[depth], passes[i].z[depth])) {
          kinks.add(margin);
        }
      }
    }
    for (int unit = 0; hasLifetime(depth) && unit < units[depth] / positions[depth]; unit++) {
      int[][] places = competing(passes, depth, unit);
      double[] z = ofPlaces(passes, depth, places);
      for (double margin : ReferenceLifetime.margins(share(), z, ofRows(places, weights))) {
        kinks.add(margin);
      }
    }
    for (int k = 1; k <= depth; k++) {
      boolean hasKink = sparsity(k).kind() == SparsityKind.TARGET_L1 && sparsity(k).rounding() == 0;
      for (int j = 0; hasKink && j < means[k].length; j++) {
        kinks.add(means[k][j] - sparsity(k).target());
      }
    }
    return kinks.build().toArray();
  }

  private static void addKinksOfRow(
      Sparsity sparsity, Activation activation, double[] h, DoubleStream.Builder kinks) {
    // A ReLU's own zeros are listed already; where it is 0, so is its penalty, in a neighbourhood.
    boolean smoothAtZero = activation == Activation.RELU;
    switch (sparsity.kind()) {
      case TARGET_L1 -> kinks.add(ReferenceFunctions.sum(h) / h.length - sparsity.target());
      case L1, DECODER_L1 -> {
        for (int j = 0; !smoothAtZero && j < h.length; j++) {
          kinks.add(h[j]);
        }
      }
      case L2 -> {
        if (!smoothAtZero || ReferenceFunctions.l2(h) > 0) {
          kinks.add(ReferenceFunctions.l2(h));
        }
      }
      case KL, TARGET_L2, L0, TARGET_L0, TANH, NONE -> {}
    }
  }

  private Sparsity sparsity(int k) {
    return spec.hiddenLayers().get(k - 1).sparsity();
  }

  private int offset(String name) {
    return tensors.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow().offset();
  }

  private int biasIndex(int level, int out) {
    if (convolution(level) != null) {
      Convolution convolution = convolution(level);
      ImageShape shape = level <= depth ? convolution.output() : convolution.input();
      return biasOffset[level] + out / shape.pixels();
    }
    return biasOffset[level] + out;
  }

  /**
   * A tied decoder reads the encoder's matrix with rows and columns exchanged; the matrix that
   * takes a k-sparse or a winner-take-all code lies likewise, unit by unit.
   */
  private int weightIndex(int level, int out, int in) {
    if (convolution(level) != null) {
      return weightOffset[level] + tap(level, out, in);
    }
    boolean transposed =
        level > depth && (spec.tiedWeights() || isKSparse(level - 1) || hasLifetime(level - 1));
    int index = transposed ? in * units[level] + out : out * units[level - 1] + in;
    return weightOffset[level] + index;
  }
}
