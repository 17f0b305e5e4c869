package org.sparksae.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.sparksae.core.report.ImageGrid;
import org.sparksae.core.report.Png;
import org.sparksae.core.train.Noise;
import org.sparksae.spark.ml.AutoencoderModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Corrupts rows and has a trained model reconstruct them: figures and a picture out. */
@Command(
    name = "denoise",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Corrupt the rows of denoise.input, and measure how near to the clean rows the model that",
      "train left brings them, in dB.",
      "",
      "Corrupts as denoise.corruption and denoise.corruptionLevel say, which are model.corruption",
      "and model.corruptionLevel if they are not set. Leaves in output.dir: denoising.json and, if",
      "picture.imageShape is set, denoising.png: some rows above their corrupted forms above their",
      "reconstructions. PSNR takes values for ones in [0, 1]."
    })
final class DenoiseCommand implements Callable<Integer> {
  private static final String FIGURES = "denoising.json";
  private static final String PICTURE = "denoising.png";
  private static final String RECONSTRUCTION = "reconstruction";

  @Spec private CommandSpec spec;
  @Mixin private JobOptions options;

  @Override
  public Integer call() throws IOException {
    JobConfig job = options.job();
    Noise noise = noise(job.denoise());
    SparkSession spark = options.session("denoise");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    List<String> results = job.picture().isPresent() ? List.of(FIGURES, PICTURE) : List.of(FIGURES);
    try (Staging staging = Staging.in(job.directory(), results, options.overwrite(), hadoop)) {
      Dataset<Row> denoised = denoised(job, noise, spark, hadoop);
      denoised.persist(StorageLevel.MEMORY_AND_DISK());
      try {
        Denoising figures = Denoising.of(denoised, RECONSTRUCTION, job.denoise().corruption());
        JsonFile.write(figures.json(), staging.path(FIGURES), hadoop);
        if (job.picture().isPresent()) {
          draw(denoised, job, staging.path(PICTURE), hadoop);
        }
        staging.publish();
        print(figures, results, job);
      } finally {
        denoised.unpersist();
      }
    }
    return 0;
  }

  private static Noise noise(JobConfig.Denoise denoise) {
    Noise noise = denoise.corruption().at(denoise.seed(), Noise.FIXED);
    if (noise == null) {
      throw JobConfig.missing(
          "denoise.corruption", "masking, gaussian or saltAndPepper; or model.corruption");
    }
    return noise;
  }

  private static Dataset<Row> denoised(
      JobConfig job, Noise noise, SparkSession spark, Configuration hadoop) throws IOException {
    AutoencoderModel<?> model =
        job.trainedModel(hadoop)
            .setInputCol(CorruptedRows.CORRUPTED)
            .setOutputCol("")
            .setReconstructionErrorCol("")
            .setOutlierCol("")
            .setReconstructionCol(RECONSTRUCTION);
    InputTable input = job.prepared(spark, job.denoise().input());
    return model.transform(CorruptedRows.of(input, noise));
  }

  private static void draw(Dataset<Row> denoised, JobConfig job, Path path, Configuration hadoop)
      throws IOException {
    List<Row> rows = denoised.takeAsList(job.denoise().images());
    Picture picture = job.picture().get();
    List<float[]> grid =
        List.of(
            CorruptedRows.values(rows, CorruptedRows.CLEAN),
            CorruptedRows.values(rows, CorruptedRows.CORRUPTED),
            CorruptedRows.values(rows, RECONSTRUCTION));
    try (OutputStream out = path.getFileSystem(hadoop).create(path)) {
      Png.write(ImageGrid.render(grid, picture.imageShape(), 0, 1, picture.zoom()), out);
    }
  }

  private void print(Denoising figures, List<String> results, JobConfig job) {
    PrintWriter out = spec.commandLine().getOut();
    figures.text().forEach(out::println);
    results.forEach(name -> out.println(new Path(job.directory(), name)));
    out.flush();
  }
}
