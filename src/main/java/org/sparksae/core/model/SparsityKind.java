package org.sparksae.core.model;

/**
 * The sparsity penalties: functions of one mean activation or of one row of activations.
 *
 * <p>With target {@code rho} and mean activation {@code m}:
 *
 * <table>
 *   <caption>penalties</caption>
 *   <tr><th>name</th><th>s</th><th>derivative</th></tr>
 *   <tr><td>kl</td><td>rho ln(rho / m) + (1 - rho) ln((1 - rho) / (1 - m))</td>
 *       <td>-rho / m + (1 - rho) / (1 - m)</td></tr>
 *   <tr><td>targetL1</td><td>|rho - m|</td><td>sign(m - rho), 0 at equality</td></tr>
 *   <tr><td>targetL2</td><td>(rho - m)^2</td><td>2 (m - rho)</td></tr>
 *   <tr><td>l1</td><td>sum over j of |h_j|, of a row</td><td>sign(h_j), 0 at 0</td></tr>
 *   <tr><td>l2</td><td>sqrt(sum over j of h_j^2), of a row (the norm, not its square)</td>
 *       <td>h_j / norm, 0 where the norm is 0</td></tr>
 *   <tr><td>decoderL1</td><td>sum over j of |h_j| |w_j|, of a row and the decoder vectors w</td>
 *       <td>|w_j| sign(h_j); |h_j| w_j / |w_j| of a vector</td></tr>
 *   <tr><td>l0</td><td>number of latents j of a row with h_j &gt; 0</td>
 *       <td>that of {@link JumpReluTraining}</td></tr>
 *   <tr><td>targetL0</td><td>(L0 / rho - 1)^2, L0 the mean of that number over the batch</td>
 *       <td>2 (L0 / rho - 1) / rho of L0</td></tr>
 *   <tr><td>tanh</td><td>sum over j of tanh({@value #TANH_SCALE} h_j |w_j|), of a row and the
 *       decoder vectors w</td>
 *       <td>{@value #TANH_SCALE} |w_j| (1 - tanh^2); {@value #TANH_SCALE} h_j (1 - tanh^2) w_j /
 *       |w_j| of a vector</td></tr>
 *   <tr><td>none</td><td>0</td><td>0</td></tr>
 * </table>
 *
 * <p>For KL, a mean activation below {@value #KL_MARGIN} or above 1 - {@value #KL_MARGIN} (a
 * saturated unit) is replaced by that bound. So value and derivative stay finite, and the gradient
 * still pushes the unit back.
 *
 * <p>Source: Ng, CS294A lecture notes "Sparse autoencoder" (2011), for kl; Conerly et al., Update
 * on how we train SAEs (2024), for decoderL1; Rajamanoharan et al., Jumping Ahead (2024), for l0
 * and targetL0.
 */
public enum SparsityKind {
  /** Kullback-Leibler divergence of the mean activation from the target. */
  KL("kl") {
    @Override
    double value(double target, double mean) {
      double m = clamp(mean);
      return xLogRatio(target, m) + xLogRatio(1 - target, 1 - m);
    }

    @Override
    double derivative(double target, double mean) {
      double m = clamp(mean);
      return -target / m + (1 - target) / (1 - m);
    }
  },

  /** Absolute distance of the mean activation from the target. */
  TARGET_L1("targetL1") {
    @Override
    double value(double target, double mean) {
      return Math.abs(target - mean);
    }

    @Override
    double derivative(double target, double mean) {
      return Math.signum(mean - target);
    }
  },

  /** Squared distance of the mean activation from the target. */
  TARGET_L2("targetL2") {
    @Override
    double value(double target, double mean) {
      return (target - mean) * (target - mean);
    }

    @Override
    double derivative(double target, double mean) {
      return 2 * (mean - target);
    }
  },

  /** L1 norm of each row of activations. */
  L1("l1") {
    @Override
    double addRow(float[] h, int hFrom, int units, float scale, float[] delta, int deltaFrom) {
      double sum = 0;
      for (int j = 0; j < units; j++) {
        float value = h[hFrom + j];
        sum += Math.abs(value);
        delta[deltaFrom + j] += scale * Math.signum(value);
      }
      return sum;
    }
  },

  /** L2 norm of each row of activations. */
  L2("l2") {
    @Override
    double addRow(float[] h, int hFrom, int units, float scale, float[] delta, int deltaFrom) {
      double sum = 0;
      for (int j = 0; j < units; j++) {
        sum += (double) h[hFrom + j] * h[hFrom + j];
      }
      double norm = Math.sqrt(sum);
      // In double: the norm of saturated sigmoids can be about 1e-44, and its reciprocal is
      // infinite in float.
      double factor = norm == 0 ? 0 : scale / norm;
      for (int j = 0; j < units; j++) {
        delta[deltaFrom + j] += (float) (factor * h[hFrom + j]);
      }
      return norm;
    }
  },

  /**
   * L1 norm of each row of activations, each times the length of its decoder vector, which {@link
   * Sparsity#addRows} is given.
   */
  DECODER_L1("decoderL1"),

  /** Number of active latents (hidden units) of each row, which has slopes for thresholds only. */
  L0("l0"),

  /** Squared relative distance of the mean number of active latents from the target. */
  TARGET_L0("targetL0"),

  /**
   * Hyperbolic tangent of each activation times the length of its decoder vector, which rises to 1
   * where L0 jumps to it.
   */
  TANH("tanh"),

  /** No penalty. */
  NONE("none");

  /** How close to 0 or 1 the mean activation may come in the KL divergence. */
  public static final double KL_MARGIN = 1e-7;

  /** The factor in the hyperbolic tangent. */
  public static final int TANH_SCALE = 4;

  private final String paramName;

  SparsityKind(String paramName) {
    this.paramName = paramName;
  }

  /** Returns s at a mean activation; only for kinds with a target. */
  double value(double target, double mean) {
    throw new UnsupportedOperationException(paramName + " has no target");
  }

  /** Returns ds/dmean; only for kinds with a target. */
  double derivative(double target, double mean) {
    throw new UnsupportedOperationException(paramName + " has no target");
  }

  /**
   * Returns the penalty of one row and adds its gradient: {@code delta_j += scale * ds/dh_j}. Only
   * for kinds without a target.
   */
  double addRow(float[] h, int hFrom, int units, float scale, float[] delta, int deltaFrom) {
    throw new UnsupportedOperationException(paramName + " is not a function of a row");
  }

  /** Returns whether the penalty compares a mean activation with a target. */
  public boolean hasTarget() {
    return this == KL || this == TARGET_L1 || this == TARGET_L2;
  }

  /** Returns whether the penalty is for codes that learn thresholds. */
  public boolean isOfThresholds() {
    return this == L0 || this == TARGET_L0 || this == TANH;
  }

  /** Returns whether the penalty depends on the lengths of decoder vectors. */
  public boolean needsDecoderNorms() {
    return this == DECODER_L1 || this == TANH;
  }

  /** Returns the name used in Params and job files. */
  public String paramName() {
    return paramName;
  }

  /**
   * Returns the penalty with the given name.
   *
   * @param param the Param's name, for the message
   * @throws IllegalArgumentException if there is none; the message lists the valid names
   */
  public static SparsityKind parse(String param, String name) {
    return Names.parse(param, name, values(), SparsityKind::paramName);
  }

  private static double clamp(double mean) {
    return Math.min(Math.max(mean, KL_MARGIN), 1 - KL_MARGIN);
  }

  private static double xLogRatio(double x, double y) {
    return x * Math.log(x / y);
  }
}
