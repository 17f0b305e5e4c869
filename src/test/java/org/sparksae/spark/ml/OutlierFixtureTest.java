package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/**
 * A model with a threshold of outliers, as it was once written, which every later release must
 * read. The threshold is a Param, and so in Spark's metadata: the file of the weights is of version
 * 1.
 *
 * <p>{@link #write} made {@code src/test/resources/fixtures/model-outliers}; Hadoop's {@code .crc}
 * files were left out. It is not to be made again.
 */
@ExtendWith(LocalSpark.class)
class OutlierFixtureTest {

  /** Writes the model that the fixture holds; the directory must not exist. */
  static void write(String directory) throws IOException {
    SparseAutoencoderModel model =
        Fixtures.handModel("sparseAutoencoder_outliers")
            .setOutlierCol("outlier")
            .setOutlierThreshold(0.25);
    model.set("hiddenLayers", new int[] {3});
    model.set("activation", "relu");
    model.set("sparsity", new String[] {"none"});
    model.set("corruption", "masking");
    model.set("corruptionLevel", 0.125);
    model.set("contamination", 0.0625);
    model.save(directory);
  }

  /** Errors 0.53125 and 0.125, see {@link Fixtures#handModel}. */
  @Test
  void loadsWithItsThreshold() throws Exception {
    Path fixture =
        Path.of(OutlierFixtureTest.class.getResource("/fixtures/model-outliers").toURI());
    SparseAutoencoderModel model = SparseAutoencoderModel.load(fixture.toString());
    assertEquals(0.25, model.getOutlierThreshold());
    assertEquals(0.0625, model.getContamination());
    assertEquals("masking", model.getCorruption());
    assertEquals(0.125, model.getCorruptionLevel());
    float[][] rows = {{2, 3}, {0, 0}};
    List<Row> flagged = model.transform(TestFrames.frame(rows, 1)).collectAsList();
    assertEquals(1.0, flagged.get(0).<Double>getAs("outlier"));
    assertEquals(0.0, flagged.get(1).<Double>getAs("outlier"));
  }
}
