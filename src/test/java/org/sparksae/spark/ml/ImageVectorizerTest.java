package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestImages;

/** Images of Spark's two sources as Vectors. */
@ExtendWith(LocalSpark.class)
class ImageVectorizerTest {
  private static final int PIXELS = TestImages.HEIGHT * TestImages.WIDTH;

  /** What each source calls its images, and the file's name. */
  private static final Map<String, List<String>> COLUMNS =
      Map.of("image", List.of("image", "image.origin"), "binaryFile", List.of("content", "path"));

  @TempDir private Path dir;

  private static ImageVectorizer vectorizer(String format, int channels) {
    return new ImageVectorizer()
        .setInputCol(COLUMNS.get(format).get(0))
        .setOutputCol("features")
        .setImageShape(channels, TestImages.HEIGHT, TestImages.WIDTH);
  }

  private Dataset<Row> read(String format, String pattern) {
    return LocalSpark.session().read().format(format).load(dir.resolve(pattern).toString());
  }

  /** Vectors by the files' names. */
  private static Map<String, double[]> vectors(String format, Dataset<Row> made) {
    Map<String, double[]> vectors = new TreeMap<>();
    for (Row row : made.select(COLUMNS.get(format).get(1), "features").collectAsList()) {
      String path = row.getString(0);
      vectors.put(path.substring(path.lastIndexOf('/') + 1), row.<Vector>getAs(1).toArray());
    }
    return vectors;
  }

  private void write(int number, int type, String name) throws IOException {
    TestImages.write(TestImages.image(number, type), dir.resolve(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"image", "binaryFile"})
  void pixelsArePlanesInRedGreenBlue(String format) throws IOException {
    write(1, BufferedImage.TYPE_INT_RGB, "rgb.png");
    write(2, BufferedImage.TYPE_INT_ARGB, "opacity.png");
    write(3, BufferedImage.TYPE_BYTE_GRAY, "grey.png");
    Map<String, double[]> colour =
        vectors(format, vectorizer(format, 3).transform(read(format, "*")));
    assertArrayEquals(TestImages.planes(1), colour.get("rgb.png"));
    assertArrayEquals(TestImages.planes(2), colour.get("opacity.png"));
    double[] grey = Arrays.copyOf(TestImages.planes(3), PIXELS);
    for (int channel = 0; channel < 3; channel++) {
      int from = channel * PIXELS;
      assertArrayEquals(
          grey, Arrays.copyOfRange(colour.get("grey.png"), from, from + PIXELS), "" + channel);
    }
    Map<String, double[]> single =
        vectors(format, vectorizer(format, 1).transform(read(format, "*")));
    assertArrayEquals(grey, single.get("grey.png"));
    for (int i = 0; i < PIXELS; i++) {
      double y =
          0.299 * TestImages.value(1, 0, i)
              + 0.587 * TestImages.value(1, 1, i)
              + 0.114 * TestImages.value(1, 2, i);
      assertEquals((float) (y / 255), single.get("rgb.png")[i]);
    }
  }

  @Test
  void bothSourcesGiveTheSameOfJpeg() throws IOException {
    write(1, BufferedImage.TYPE_INT_RGB, "rgb.jpg");
    write(2, BufferedImage.TYPE_BYTE_GRAY, "grey.jpg");
    Map<String, double[]> decodedBySpark =
        vectors("image", vectorizer("image", 3).transform(read("image", "*")));
    Map<String, double[]> decodedHere =
        vectors("binaryFile", vectorizer("binaryFile", 3).transform(read("binaryFile", "*")));
    for (String name : List.of("rgb.jpg", "grey.jpg")) {
      assertArrayEquals(decodedBySpark.get(name), decodedHere.get(name), name);
    }
    // Losses of JPEG are not of this size.
    double[] grey = decodedHere.get("grey.jpg");
    for (int i = 0; i < PIXELS; i++) {
      assertEquals(TestImages.planes(2)[i], grey[i], 0.15);
    }
  }

  private void writeBadFiles() throws IOException {
    write(1, BufferedImage.TYPE_INT_RGB, "good.png");
    TestImages.write(new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB), dir.resolve("large.png"));
    write(2, BufferedImage.TYPE_INT_RGB, "cut.png");
    TestImages.cut(dir.resolve("cut.png"));
    Files.writeString(dir.resolve("text.png"), "none of them");
    TestImages.write(TestImages.image(3, BufferedImage.TYPE_INT_RGB), dir.resolve("shortened.jpg"));
    byte[] jpeg = Files.readAllBytes(dir.resolve("shortened.jpg"));
    Files.write(dir.resolve("shortened.jpg"), Arrays.copyOf(jpeg, jpeg.length - 12));
  }

  @ParameterizedTest
  @CsvSource({
    "binaryFile, cut.png, 'cannot be read, as it is damaged: '",
    "image, large.png, 'is 7 pixels high and 9 wide, but imageShape says 4 and 5: resize'",
  })
  void whatIsNotValidIsAnErrorThatNamesTheFile(String format, String name, String problem)
      throws IOException {
    writeBadFiles();
    Dataset<Row> made = vectorizer(format, 3).transform(read(format, name));
    String said = assertThrows(Exception.class, made::collectAsList).toString();
    String column = COLUMNS.get(format).get(0);
    assertTrue(said.contains("inputCol: a row of column '" + column + "' of file:"), said);
    assertTrue(said.contains("/" + name + " " + problem), said);
    assertTrue(said.contains("; set handleInvalid to 'skip' to leave such rows out"), said);
  }

  @Test
  void whatIsNotValidIsLeftOutIfSkipped() throws IOException {
    writeBadFiles();
    Dataset<Row> decodedHere =
        vectorizer("binaryFile", 3).setHandleInvalid("skip").transform(read("binaryFile", "*"));
    Map<String, double[]> left = vectors("binaryFile", decodedHere);
    assertEquals(List.of("good.png"), List.copyOf(left.keySet()));
    assertArrayEquals(TestImages.planes(1), left.get("good.png"));
    Dataset<Row> decodedBySpark =
        vectorizer("image", 3).setHandleInvalid("skip").transform(read("image", "*"));
    // Spark's source does not mind that a JPEG ends too early.
    assertEquals(
        List.of("good.png", "shortened.jpg"),
        List.copyOf(vectors("image", decodedBySpark).keySet()));
  }

  @Test
  void aPipelineLearnsFromImagesAndIsSavedWhole() throws IOException {
    for (int i = 0; i < 6; i++) {
      write(i, BufferedImage.TYPE_INT_RGB, "images/" + i + ".png");
    }
    Dataset<Row> files = read("binaryFile", "images");
    ConvolutionalSparseAutoencoder autoencoder =
        new ConvolutionalSparseAutoencoder()
            .setInputCol("features")
            .setOutputCol("code")
            .setImageShape(3, TestImages.HEIGHT, TestImages.WIDTH)
            .setFilters(2)
            .setKernelSizes(3)
            .setMaxIter(1);
    ImageVectorizer vectorizer = vectorizer("binaryFile", 3).setHandleInvalid("skip");
    PipelineModel model =
        new Pipeline().setStages(new PipelineStage[] {vectorizer, autoencoder}).fit(files);
    String path = dir.resolve("pipeline").toString();
    model.write().save(path);
    PipelineModel loaded = PipelineModel.load(path);
    ImageVectorizer stage = (ImageVectorizer) loaded.stages()[0];
    assertEquals(vectorizer.uid(), stage.uid());
    assertEquals("skip", stage.getHandleInvalid());
    assertArrayEquals(vectorizer.getImageShape(), stage.getImageShape());
    List<Row> codes = model.transform(files).select("path", "code").collectAsList();
    assertEquals(6, codes.size());
    assertNotEquals(codes.get(0).get(1), codes.get(1).get(1));
    assertEquals(codes, loaded.transform(files).select("path", "code").collectAsList());
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnyJob() throws IOException {
    write(1, BufferedImage.TYPE_INT_RGB, "a.png");
    Dataset<Row> images = read("image", "a.png");
    Dataset<Row> files = read("binaryFile", "a.png");
    ImageVectorizer vectorizer = vectorizer("image", 3);
    AttributeGroup attributes =
        AttributeGroup.fromStructField(
            vectorizer.transformSchema(images.schema()).apply("features"));
    assertEquals(3 * PIXELS, attributes.size());
    assertRefused(
        "imageShape must be [channels, height, width], each 1 or more, of 1 channel (luminance) or 3"
            + " (red, green, blue), got [4, 2, 2]",
        () -> vectorizer.setImageShape(4, 2, 2));
    assertRefused(
        "handleInvalid must be one of error, skip", () -> vectorizer.setHandleInvalid("keep"));
    assertRefused(
        "imageShape must be set: [channels, height, width]",
        () -> new ImageVectorizer().setInputCol("image").transform(images));
    assertRefused(
        "inputCol must be set",
        () -> new ImageVectorizer().setImageShape(1, 2, 2).transform(images));
    assertRefused(
        "inputCol: there is no column 'image'; the columns are path,",
        () -> vectorizer.transform(files));
    assertRefused(
        "inputCol: column 'path' must be what Spark's source 'image' gives, or binary, the content"
            + " of files, but it is string",
        () -> vectorizer.copy(ParamMap.empty()).setInputCol("path").transform(files));
    assertRefused(
        "outputCol: column 'features' exists already",
        () -> vectorizer.transform(images.withColumn("features", functions.lit(1))));
    for (String column : List.of("image", "content")) {
      assertRefused(
          "; put an ImageVectorizer before this stage, which makes Vectors of images",
          () ->
              new SparseAutoencoder()
                  .setHiddenLayers(2)
                  .setInputCol(column)
                  .fit(column.equals("image") ? images : files));
    }
  }

  private static void assertRefused(String message, Runnable call) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }
}
