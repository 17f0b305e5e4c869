package org.sparksae.core.nn;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.AuxK;
import org.sparksae.core.model.BatchTopK;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.TopK;

/**
 * The objective of models with one layer of few latents and its gradient, slow and obvious: in
 * double, one row, one latent, one weight at a time.
 *
 * <pre>
 * J = (1/N) sum_i v_i sum_m 1/2 |x_hat_i:m - x_i|^2 + (lambda/2) sum |W|^2
 *     + weight c (1/N) sum_i v_i 1/2 |e_hat_i - e_i|^2
 * </pre>
 *
 * <p>and, with Multi-TopK, {@code 1/8 (1/N) sum_i v_i 1/2 |x_hat_i of 4 k latents - x_i|^2}.
 *
 * <p>Rows of a transcoder hold x and y, which takes the place of x in J; with a skip connection
 * x_hat gains S x. With products of bfloat16, both sides of {@code W x} and {@code S x} are
 * rounded, and of the gradient of S.
 */
public final class ReferenceLatents {
  private final AutoencoderSpec spec;
  private final CodeForm form;
  private final boolean relu;
  private final int d;
  private final int out;
  private final int skip;
  private final int units;
  private final int encoder;
  private final int bias;
  private final int decoder;
  private final int outputBias;
  private final int[] widths;
  private final ReferenceRounding rounding;

  /** What the gradient takes as constant. */
  public record Held(double scale, double[][] residuals) {}

  /**
   * Which latents of each row are in the code, which dead ones explain its residual, and which are
   * among the 4 k largest, with Multi-TopK.
   */
  public record Selection(boolean[][] kept, boolean[][] dead, boolean[][] most) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Selection that
          && Arrays.deepEquals(kept, that.kept)
          && Arrays.deepEquals(dead, that.dead)
          && Arrays.deepEquals(most, that.most);
    }

    @Override
    public int hashCode() {
      return Arrays.deepHashCode(kept);
    }
  }

  /** The terms by name, and the gradient. */
  public record Result(Map<String, Double> terms, double[] gradient, Held held) {}

  /** The reference of a model. */
  public ReferenceLatents(AutoencoderSpec spec) {
    this.spec = spec;
    this.rounding = new ReferenceRounding(spec);
    this.form = spec.code().form();
    this.relu = spec.code().activation() == Activation.RELU;
    this.d = spec.inputSize();
    this.out = spec.outputSize();
    this.skip = spec.hasSkip() ? spec.layout().tensor(ParameterLayout.SKIP).offset() : -1;
    this.units = spec.codeSize();
    this.encoder = spec.layout().tensor(ParameterLayout.encoderWeight(1)).offset();
    this.bias = spec.layout().tensor(ParameterLayout.encoderBias(1)).offset();
    this.decoder =
        spec.tiedWeights()
            ? encoder
            : spec.layout().tensor(ParameterLayout.decoderWeight(1)).offset();
    this.outputBias = spec.layout().tensor(ParameterLayout.decoderBias(1)).offset();
    List<Integer> nested = form.loss().widths();
    this.widths =
        nested.isEmpty() ? new int[] {units} : nested.stream().mapToInt(width -> width).toArray();
  }

  private double z(double[] parameters, double[] x, int j) {
    double z = parameters[bias + j];
    for (int c = 0; c < d; c++) {
      z += product(parameters[encoder + j * d + c], x[c]);
    }
    return z;
  }

  private double product(double weight, double value) {
    return rounding.of(weight) * rounding.of(value);
  }

  private double f(double z) {
    return relu ? Math.max(z, 0) : z;
  }

  /** By the rank of each latent. */
  private double key(double z) {
    boolean magnitude = form instanceof TopK topK && topK.by() == TopK.By.MAGNITUDE && !relu;
    return magnitude ? Math.abs(z) : z;
  }

  /** What is selected with some parameters. */
  public Selection select(double[] parameters, double[][] rows, double[] weights, int[] dead) {
    boolean[][] kept = new boolean[rows.length][units];
    if (form instanceof BatchTopK batch) {
      keepOfBatch(batch.k(), parameters, rows, weights, kept);
    }
    boolean[][] auxiliary = new boolean[rows.length][units];
    boolean[][] most = new boolean[rows.length][units];
    for (int i = 0; i < rows.length; i++) {
      int[] all = IntStream.range(0, units).toArray();
      if (form instanceof TopK topK) {
        keepLargest(topK.k(), all, parameters, rows[i], kept[i]);
        keepLargest(4 * topK.k(), all, parameters, rows[i], most[i]);
      }
      if (form.loss().auxK() != null) {
        keepLargest(form.loss().auxK().k(), dead, parameters, rows[i], auxiliary[i]);
      }
    }
    return new Selection(kept, auxiliary, most);
  }

  private void keepLargest(int k, int[] among, double[] parameters, double[] x, boolean[] kept) {
    Arrays.stream(among)
        .boxed()
        .sorted(Comparator.comparingDouble(j -> -key(z(parameters, x, j))))
        .limit(k)
        .filter(j -> !relu || z(parameters, x, j) > 0)
        .forEach(j -> kept[j] = true);
  }

  private void keepOfBatch(
      double k, double[] parameters, double[][] rows, double[] weights, boolean[][] kept) {
    long counted = Arrays.stream(weights).filter(weight -> weight > 0).count();
    double wanted = Math.floor(k * counted + 0.5) / counted * Arrays.stream(weights).sum();
    int[][] order =
        IntStream.range(0, rows.length * units)
            .mapToObj(p -> new int[] {p / units, p % units})
            .filter(at -> z(parameters, rows[at[0]], at[1]) > 0)
            .sorted(Comparator.comparingDouble((int[] at) -> -z(parameters, rows[at[0]], at[1])))
            .toArray(int[][]::new);
    double weight = 0;
    double last = Double.POSITIVE_INFINITY;
    for (int[] at : order) {
      double z = z(parameters, rows[at[0]], at[1]);
      if (weight >= wanted * (1 - 1e-9) && z < last) {
        break;
      }
      kept[at[0]][at[1]] = true;
      weight += weights[at[0]];
      last = z;
    }
  }

  /** Objective and gradient, given the dead latents. */
  public Result evaluate(double[] parameters, double[][] rows, double[] weights, int[] dead) {
    Selection selection = select(parameters, rows, weights, dead);
    Held held = hold(parameters, rows, weights, selection, dead);
    double[] gradient = new double[parameters.length];
    double n = Arrays.stream(weights).sum();
    for (int i = 0; i < rows.length; i++) {
      double share = weights[i] / n;
      double[][] slopes = new double[units][out];
      double[] ofBaseline = new double[out];
      for (int width : widths) {
        double[] slope = scaled(share, error(parameters, rows[i], selection.kept[i], width));
        add(slope, ofBaseline);
        for (int j = 0; j < width; j++) {
          for (int c = 0; c < out; c++) {
            slopes[j][c] += slope[c];
          }
        }
      }
      addGradient(parameters, rows[i], selection.kept[i], slopes, gradient);
      if (form.loss().multiTopK()) {
        double[] slope = scaled(share / 8, error(parameters, rows[i], selection.most[i], units));
        add(slope, ofBaseline);
        double[][] ofMost = new double[units][];
        Arrays.fill(ofMost, slope);
        addGradient(parameters, rows[i], selection.most[i], ofMost, gradient);
      }
      addBaseline(ofBaseline, n, rows[i], gradient);
      double[] explained = explained(parameters, rows[i], selection.dead[i]);
      double[][] ofDead = new double[units][out];
      for (int j = 0; j < units; j++) {
        for (int c = 0; c < out; c++) {
          ofDead[j][c] = held.scale * share * (explained[c] - held.residuals[i][c]);
        }
      }
      addGradient(parameters, rows[i], selection.dead[i], ofDead, gradient);
    }
    for (int p = 0; p < bias; p++) {
      gradient[p] += spec.regParam() * parameters[p];
    }
    for (int p = decoder; !spec.tiedWeights() && p < outputBias; p++) {
      gradient[p] += spec.regParam() * parameters[p];
    }
    return new Result(terms(parameters, rows, weights, selection, held), gradient, held);
  }

  private static double[] scaled(double factor, double[] values) {
    return Arrays.stream(values).map(value -> factor * value).toArray();
  }

  /** The gradient of what does not come from the code: the bias, and a skip connection. */
  private void addBaseline(double[] slope, double n, double[] x, double[] gradient) {
    for (int c = 0; c < out; c++) {
      gradient[outputBias + c] += slope[c];
      // The sums over rows are divided by N after the products.
      double side = rounding.of(n * slope[c]) / n;
      for (int in = 0; skip >= 0 && in < d; in++) {
        gradient[skip + c * d + in] += side * rounding.of(x[in]);
      }
    }
  }

  private static void add(double[] values, double[] to) {
    for (int c = 0; c < to.length; c++) {
      to[c] += values[c];
    }
  }

  private void addGradient(
      double[] parameters, double[] x, boolean[] kept, double[][] slopes, double[] gradient) {
    for (int j = 0; j < units; j++) {
      double z = z(parameters, x, j);
      if (!kept[j] || (relu && z <= 0)) {
        continue;
      }
      double dz = 0;
      for (int c = 0; c < out; c++) {
        dz += slopes[j][c] * parameters[decoder + j * out + c];
        gradient[decoder + j * out + c] += slopes[j][c] * z;
      }
      gradient[bias + j] += dz;
      for (int c = 0; c < d; c++) {
        gradient[encoder + j * d + c] += dz * x[c];
      }
    }
  }

  /** The terms with what the gradient takes as constant. */
  public Map<String, Double> terms(
      double[] parameters, double[][] rows, double[] weights, Selection selection, Held held) {
    double n = Arrays.stream(weights).sum();
    double reconstruction = 0;
    double auxiliary = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int width : widths) {
        double[] error = error(parameters, rows[i], selection.kept[i], width);
        reconstruction += weights[i] / n * 0.5 * squares(error);
      }
      if (form.loss().multiTopK()) {
        double[] error = error(parameters, rows[i], selection.most[i], units);
        reconstruction += weights[i] / n / 8 * 0.5 * squares(error);
      }
      double[] explained = explained(parameters, rows[i], selection.dead[i]);
      for (int c = 0; c < out; c++) {
        explained[c] -= held.residuals[i][c];
      }
      auxiliary += held.scale * weights[i] / n * 0.5 * squares(explained);
    }
    double decay = 0;
    for (int p = 0; p < bias; p++) {
      decay += spec.regParam() / 2 * parameters[p] * parameters[p];
    }
    for (int p = decoder; !spec.tiedWeights() && p < outputBias; p++) {
      decay += spec.regParam() / 2 * parameters[p] * parameters[p];
    }
    Map<String, Double> terms = new LinkedHashMap<>();
    terms.put("reconstruction", reconstruction);
    terms.put("weightDecay", decay);
    terms.put("sparsity1", 0.0);
    if (form.loss().auxK() != null) {
      terms.put("auxiliary", auxiliary);
    }
    return terms;
  }

  /** The fraction of variance unexplained of each width. */
  public double[] fvu(double[] parameters, double[][] rows, double[] weights) {
    Selection selection = select(parameters, rows, weights, new int[0]);
    double variance = variance(rows, spec.cut(), weights);
    double[] fvu = new double[widths.length];
    for (int g = 0; g < widths.length; g++) {
      for (int i = 0; i < rows.length; i++) {
        double[] error = error(parameters, rows[i], selection.kept[i], widths[g]);
        fvu[g] += weights[i] * squares(error) / variance;
      }
    }
    return fvu;
  }

  /** The residuals, and weight c; 0 if no latent is dead. */
  private Held hold(
      double[] parameters, double[][] rows, double[] weights, Selection selection, int[] dead) {
    double[][] residuals = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      double[] error = error(parameters, rows[i], selection.kept[i], units);
      residuals[i] = Arrays.stream(error).map(value -> -value).toArray();
    }
    AuxK auxK = form.loss().auxK();
    double scale =
        auxK == null || dead.length == 0
            ? 0
            : auxK.weight() * variance(rows, spec.cut(), weights) / variance(residuals, 0, weights);
    return new Held(scale, residuals);
  }

  private double variance(double[][] rows, int from, double[] weights) {
    double n = Arrays.stream(weights).sum();
    double variance = 0;
    for (int c = from; c < from + out; c++) {
      double mean = 0;
      for (int i = 0; i < rows.length; i++) {
        mean += weights[i] / n * rows[i][c];
      }
      for (int i = 0; i < rows.length; i++) {
        variance += weights[i] * (rows[i][c] - mean) * (rows[i][c] - mean);
      }
    }
    return variance;
  }

  /** x_hat_:width - x. */
  private double[] error(double[] parameters, double[] x, boolean[] kept, int width) {
    double[] error = new double[out];
    for (int c = 0; c < out; c++) {
      error[c] = parameters[outputBias + c] - x[spec.cut() + c];
      for (int in = 0; skip >= 0 && in < d; in++) {
        error[c] += product(parameters[skip + c * d + in], x[in]);
      }
      for (int j = 0; j < width; j++) {
        if (kept[j]) {
          error[c] += f(z(parameters, x, j)) * parameters[decoder + j * out + c];
        }
      }
    }
    return error;
  }

  /** e_hat. */
  private double[] explained(double[] parameters, double[] x, boolean[] dead) {
    double[] sum = new double[out];
    for (int c = 0; c < out; c++) {
      for (int j = 0; j < units; j++) {
        if (dead[j]) {
          sum[c] += f(z(parameters, x, j)) * parameters[decoder + j * out + c];
        }
      }
    }
    return sum;
  }

  private static double squares(double[] values) {
    return Arrays.stream(values).map(value -> value * value).sum();
  }
}
