package org.sparksae.cli.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.Test;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoder;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoderModel;
import org.sparksae.spark.ml.SparseAutoencoder;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/** What a job file says of transforming applies to a model that is trained already. */
class TransformParamsTest {
  private static final Map<Params, Class<?>> KINDS =
      Map.of(
          new SparseAutoencoder(), SparseAutoencoderModel.class,
          new ConvolutionalSparseAutoencoder(), ConvolutionalSparseAutoencoderModel.class);

  /** A job names its rows in another section, and these two have no value that stands for none. */
  private static final Set<String> APART = Set.of("inputCol", "targetCol", "outlierThreshold");

  @Test
  void theyAreThoseThatAModelTakes() {
    Set<String> taken = new TreeSet<>();
    KINDS.forEach(
        (estimator, model) -> {
          for (Param<?> param : estimator.params()) {
            boolean isSet =
                Arrays.stream(model.getMethods())
                    .anyMatch(m -> m.getName().equalsIgnoreCase("set" + param.name()));
            if (isSet && !APART.contains(param.name())) {
              taken.add(param.name());
            }
          }
        });
    assertEquals(taken, new TreeSet<>(JobConfig.TRANSFORM_PARAMS));
  }
}
