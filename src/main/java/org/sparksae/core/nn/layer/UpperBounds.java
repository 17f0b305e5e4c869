package org.sparksae.core.nn.layer;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.bfloat16.Bfloat16Products;
import org.sparksae.core.linalg.bfloat16.Bfloat16Products.Matrix;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * Upper bounds of the products {@code w_j . x_i} of a layer in float32, from products of the same
 * vectors rounded to bfloat16, w~ and x~:
 *
 * <pre>
 * w_j . x_i  &lt;=  u_ij = w~_j . x~_i + r_i n_j
 * n_j  &gt;= |w_j|
 * r_i  &gt;= |x_i - x~_i| + (|x_i| + |x_i - x~_i|) max over j of |w_j - w~_j| / |w_j|
 *             + |x_i| (6 d + 16) 2^-24
 * </pre>
 *
 * <p>This follows from {@code w.x - w~.x~ = w.(x - x~) + (w - w~).x~} and the inequality of Cauchy
 * and Schwarz. The last term covers the rounding of d products and sums: at most {@code d 2^-24} of
 * {@code |w| |x|} in float32 in any order, {@code 2 d 2^-24} of about as much in {@link
 * Bfloat16Products}, and that of u itself; it is twice as large as needed. So a latent whose u is
 * below the k-th largest product cannot be among the k largest.
 *
 * <p>n and r are at least {@value #LEAST}, except r of a row of zeros, which is 0. That, and by how
 * much the last term exceeds the need, covers numbers so small that a processor takes them for 0.
 * Where sums could overflow, and for NaN, u is NaN or infinite, which says nothing.
 */
public final class UpperBounds {
  private static final double LEAST = 0x1p-50;

  /** Products up to this size cannot overflow, in whatever order their terms are added. */
  private static final double MOST = 0x1p100;

  /** Covers the rounding of r and n to float, and of their product. */
  private static final double UP = 1 + 0x1p-20;

  private final Bfloat16Products products;
  private final Tensor weight;
  private final Matrix weights;
  private final float[] norms;
  private final double[] relativeErrors;
  private final double[] largestNorms;
  private final Member[] members;
  private double relativeError;
  private double largestNorm;
  private boolean areFinite;
  private boolean isCurrent;

  /** The rows that a member works on. */
  private static final class Member {
    final Matrix rows;
    final float[] radii;
    final float[] rounded;

    Member(Matrix rows) {
      this.rows = rows;
      this.radii = new float[rows.rows()];
      this.rounded = new float[rows.columns()];
    }
  }

  /**
   * Allocates the buffers.
   *
   * @param weight W, [units, d]
   * @param tileRows the most rows of a tile
   */
  UpperBounds(Bfloat16Products products, Tensor weight, int tileRows, Team team) {
    this.products = products;
    this.weight = weight;
    this.weights = products.matrix(weight.rows(), weight.columns());
    this.norms = new float[weight.rows()];
    this.relativeErrors = new double[team.size()];
    this.largestNorms = new double[team.size()];
    this.members = new Member[team.size()];
    for (int m = 0; m < members.length; m++) {
      members[m] = new Member(products.matrix(tileRows, weight.columns()));
    }
  }

  void parametersChanged() {
    isCurrent = false;
  }

  /** Returns whether the weights that are rounded are the present ones. */
  public boolean isCurrent() {
    return isCurrent;
  }

  /** Rounds the weights, if they have changed. */
  public void prepare(float[] parameters, Team team) {
    if (isCurrent) {
      return;
    }
    DenseRows w = new DenseRows(parameters, weight.offset(), weight.rows(), weight.columns());
    Arrays.fill(relativeErrors, 0);
    Arrays.fill(largestNorms, 0);
    team.split(
        weight.rows(),
        1,
        (member, from, to) -> {
          weights.round(w.slice(from, to), from);
          for (int j = from; j < to; j++) {
            measure(w, j, member);
          }
        });
    relativeError = 0;
    largestNorm = 0;
    for (int m = 0; m < team.size(); m++) {
      relativeError = Math.max(relativeError, relativeErrors[m]);
      largestNorm = Math.max(largestNorm, largestNorms[m]);
    }
    areFinite = Kernels.allFinite(norms, 0, norms.length);
    isCurrent = true;
  }

  /** A latent whose weights are not finite gets the norm NaN, and counts for no other. */
  private void measure(DenseRows w, int j, int member) {
    double norm = Math.sqrt(Kernels.squaredNorm(w.values(), w.rowOffset(j), w.columns()));
    double error = error(w, j, members[member].rounded);
    if (!(norm < MOST && error < MOST)) {
      norms[j] = Float.NaN;
      return;
    }
    norms[j] = (float) (Math.max(norm, LEAST) * UP);
    relativeErrors[member] = Math.max(relativeErrors[member], error / Math.max(norm, LEAST));
    largestNorms[member] = Math.max(largestNorms[member], norms[j]);
  }

  /** Returns the distance between a row and the same row rounded. */
  private static double error(DenseRows rows, int i, float[] rounded) {
    int from = rows.rowOffset(i);
    int columns = rows.columns();
    Kernels.roundToBfloat16(rows.values(), from, rounded, 0, columns);
    return Math.sqrt(Kernels.squaredDistance(rows.values(), from, rounded, 0, columns));
  }

  /** Rounds the rows of a tile, as a member. */
  public void begin(DenseRows x, int member) {
    Member own = members[member];
    own.rows.round(x, 0);
    for (int i = 0; i < x.rows(); i++) {
      own.radii[i] = radius(x, i, own.rounded);
    }
  }

  private float radius(DenseRows x, int i, float[] rounded) {
    double norm = Math.sqrt(Kernels.squaredNorm(x.values(), x.rowOffset(i), x.columns()));
    double error = error(x, i, rounded);
    if (norm == 0 && areFinite) {
      return 0;
    }
    if (!((norm + error) * largestNorm < MOST)) {
      return Float.NaN;
    }
    double terms = (6.0 * x.columns() + 16) * 0x1p-24;
    double radius = error + (norm + error) * relativeError + norm * terms;
    return (float) (Math.max(radius, LEAST) * UP);
  }

  /** Returns whether u of a row of the tile is the product itself, as for a row of zeros. */
  public boolean areExact(int row, int member) {
    return members[member].radii[row] == 0;
  }

  /**
   * Computes u of the rows of the tile, for as many units from {@code firstUnit} on as u has
   * columns, [n, units of u].
   */
  public void map(int firstUnit, DenseRows u, int member) {
    Member own = members[member];
    products.timesTransposed(own.rows, weights, firstUnit, u);
    for (int i = 0; i < u.rows(); i++) {
      Kernels.axpy(own.radii[i], norms, firstUnit, u.values(), u.rowOffset(i), u.columns());
    }
  }
}
