package org.sparksae.examples.synthetic;

import static org.apache.spark.sql.functions.col;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.rows.Sums;
import org.sparksae.spark.data.FeatureColumn;

/**
 * Compares a model's latents with the true features.
 *
 * @param features the true features, unit vectors, [features][dimensions]
 */
record Truth(float[][] features) {

  /**
   * How well latents stand for features.
   *
   * @param f1 mean F1 score of the latents; each is taken for the feature that its decoder vector
   *     is most similar to
   * @param matchedF1 mean F1 score of the pairs of the best one-to-one matching
   * @param mcc mean similarity in the best one-to-one matching
   * @param unique number of features that are most similar to some latent, as a share of the
   *     latents
   */
  record Scores(double f1, double matchedF1, double mcc, double unique) {}

  /**
   * Which features latents are taken for.
   *
   * @param nearest for each latent, the most similar feature; the first of equal ones
   * @param matched for each latent, its feature in the best one-to-one matching, or -1
   * @param mcc mean similarity of the matched pairs
   */
  record Pairs(int[] nearest, int[] matched, double mcc) {}

  /**
   * Reads {@code features.parquet}, with numbers and values of any numeric type.
   *
   * @throws IllegalArgumentException if the numbers of the features are not 0, 1, 2 and so on
   */
  static Truth read(Dataset<Row> rows) {
    List<Row> features =
        rows
            .select(col("feature").cast("int"), col("vector").cast("array<float>"))
            .collectAsList()
            .stream()
            .sorted(Comparator.comparingInt(row -> row.getInt(0)))
            .toList();
    float[][] vectors = new float[features.size()][];
    for (int g = 0; g < vectors.length; g++) {
      if (features.get(g).getInt(0) != g) {
        throw new IllegalArgumentException(
            "truth.features must hold the features 0, 1, 2, ..., but has no feature " + g);
      }
      List<Float> values = features.get(g).getList(1);
      vectors[g] = new float[values.size()];
      for (int j = 0; j < vectors[g].length; j++) {
        vectors[g][j] = values.get(j);
      }
    }
    return new Truth(vectors);
  }

  /**
   * Checks that decoder vectors and features are vectors of one space.
   *
   * @param rows the column that decoder vectors add up to
   * @throws IllegalArgumentException if its rows and the features have different sizes
   */
  void checkSize(FeatureColumn rows) {
    for (float[] feature : features) {
      if (feature.length != rows.size()) {
        throw new IllegalArgumentException(
            Text.format(
                "truth.features must have vectors of %d values, as the rows of column '%s' have, but has one of %d; name the features that these rows were made of",
                rows.size(), rows.name(), feature.length));
      }
    }
  }

  /**
   * Pairs latents with features by the magnitude of the cosine of their vectors.
   *
   * @param decoder a vector for each latent, [latents, dimensions], row-major
   */
  Pairs pairs(float[] decoder) {
    int d = features[0].length;
    float[][] similar = new float[decoder.length / d][features.length];
    for (int i = 0; i < similar.length; i++) {
      double norm = Math.sqrt(Kernels.squaredNorm(decoder, i * d, d));
      for (int g = 0; g < features.length && norm > 0; g++) {
        float product = Kernels.dot(decoder, i * d, features[g], 0, d);
        similar[i][g] = (float) (Math.abs(product) / norm);
      }
    }
    int[] nearest = IntStream.range(0, similar.length).map(i -> largest(similar[i])).toArray();
    int[] matched = Assignment.best(similar);
    double mcc =
        IntStream.range(0, matched.length)
            .filter(i -> matched[i] >= 0)
            .mapToDouble(i -> similar[i][matched[i]])
            .average()
            .orElseThrow();
    return new Pairs(nearest, matched, mcc);
  }

  private static int largest(float[] values) {
    int largest = 0;
    for (int j = 1; j < values.length; j++) {
      largest = values[j] > values[largest] ? j : largest;
    }
    return largest;
  }

  /**
   * Scores a model.
   *
   * @param decoder a vector for each latent, [latents, dimensions], row-major
   * @param coded rows with a code (Vector) and the active features (array of int)
   */
  Scores scores(float[] decoder, Dataset<Row> coded) {
    Pairs pairs = pairs(decoder);
    int latents = pairs.nearest().length;
    Counts counts = new Counts(features.length, pairs.nearest(), pairs.matched());
    JavaRDD<double[]> parts = coded.javaRDD().mapPartitions(counts);
    double[] sums = null;
    for (double[] part : parts.collect()) {
      sums = Sums.add(sums, part);
    }
    double unique = (double) IntStream.of(pairs.nearest()).distinct().count() / latents;
    return new Scores(
        counts.f1(sums, pairs.nearest(), counts.bothNearest()),
        counts.f1(sums, pairs.matched(), counts.bothMatched()),
        pairs.mcc(),
        unique);
  }

  /**
   * Counts rows: those in which each latent is active, those in which each feature is, and those in
   * which a latent and its feature are.
   */
  private record Counts(int features, int[] nearest, int[] matched)
      implements FlatMapFunction<Iterator<Row>, double[]> {

    private int latents() {
      return nearest.length;
    }

    int bothNearest() {
      return latents() + features;
    }

    int bothMatched() {
      return 2 * latents() + features;
    }

    @Override
    public Iterator<double[]> call(Iterator<Row> rows) {
      double[] counts = new double[3 * latents() + features];
      boolean[] isActive = new boolean[features];
      while (rows.hasNext()) {
        Row row = rows.next();
        List<Integer> active = row.getList(1);
        for (int g : active) {
          isActive[g] = true;
          counts[latents() + g]++;
        }
        SparseVector code = row.<Vector>getAs(0).toSparse();
        for (int latent : code.indices()) {
          counts[latent]++;
          counts[bothNearest() + latent] += isActive[nearest[latent]] ? 1 : 0;
          int feature = matched[latent];
          counts[bothMatched() + latent] += feature >= 0 && isActive[feature] ? 1 : 0;
        }
        for (int g : active) {
          isActive[g] = false;
        }
      }
      return List.of(counts).iterator();
    }

    /** The mean over the latents that have a feature of 2 both / (latent + feature). */
    double f1(double[] counts, int[] featureOf, int both) {
      return IntStream.range(0, latents())
          .filter(i -> featureOf[i] >= 0)
          .mapToDouble(
              i -> {
                double either = counts[i] + counts[latents() + featureOf[i]];
                return either == 0 ? 0 : 2 * counts[both + i] / either;
              })
          .average()
          .orElseThrow();
    }
  }
}
