package org.sparksae.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions that do not fit their images, and layers that do not fit each other. */
class ConvolutionSpecTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|3|1|SAME|filters must be 1 or more, got 0",
        "2|0|1|SAME|kernelSizes must be 1 or more, got 0",
        "2|3|0|SAME|strides must be 1 or more, got 0",
        "2|8|1|SAME|kernelSizes must be at most the image's height and width, got 8 for an image of 3x7x9",
        "2|8|1|VALID|kernelSizes must be at most the image's height and width, got 8 for an image of 3x7x9",
        "2|2|5|SAME|strides must be at most the kernel size 2, got 5: 3 of every 5 rows and columns",
        "2|4|2|VALID|lose the last 1 of 7 rows and 1 of 9 columns of the image; use padding = same, or a stride that divides 3 and 5",
        "2|3|3|VALID|lose the last 1 of 7 rows and 0 of 9 columns",
        "2147483647|3|1|SAME|filters: 2147483647 maps of an image of 3x7x9 have more than 2^31 - 1"
      })
  void windowsMustFit(int filters, int kernel, int stride, Padding padding, String says) {
    ImageShape image = new ImageShape(3, 7, 9);
    assertRefused(() -> new Convolution(image, filters, kernel, stride, padding), says);
  }

  @ParameterizedTest
  @CsvSource({"3, 2, SAME, 4, 5", "3, 2, VALID, 3, 4", "7, 1, VALID, 1, 3", "7, 3, SAME, 3, 3"})
  void mapsAreAsManyWindowsAsFit(int kernel, int stride, Padding padding, int height, int width) {
    ImageShape image = new ImageShape(3, 7, 9);
    assertEquals(
        new ImageShape(5, height, width),
        new Convolution(image, 5, kernel, stride, padding).output());
  }

  private static HiddenLayer convolution(int channels, int height, int width) {
    Convolution of =
        new Convolution(new ImageShape(channels, height, width), 2, 2, 1, Padding.SAME);
    return new HiddenLayer(of, Activation.RELU, Sparsity.NONE, CodeForm.ALL);
  }

  private static HiddenLayer dense(int units) {
    return new HiddenLayer(units, Activation.RELU, Sparsity.NONE);
  }

  private static AutoencoderSpec spec(HiddenLayer... layers) {
    return new AutoencoderSpec(12, List.of(layers), Activation.LINEAR, false, 0);
  }

  @Test
  void productsOfBfloat16NeedFullyConnectedLayers() {
    assertRefused(
        () -> spec(convolution(1, 3, 4), dense(2)).with(Precision.BFLOAT16),
        "precision = bfloat16 needs fully connected layers, got maps of a convolution; set"
            + " precision = float32");
  }

  @Test
  void layersMustFitTheOnesBefore() {
    assertRefused(
        () -> spec(convolution(1, 3, 5)),
        "imageShape 1x3x5 of hidden layer 1 has 15 values, but a row has 12; set imageShape to"
            + " [channels, height, width] of the rows");
    assertRefused(
        () -> spec(dense(10), convolution(1, 3, 3)),
        "imageShape 1x3x3 of hidden layer 2 has 9 values, but the layer before has 10; set"
            + " imageShape to [channels, height, width] of the output of that layer");
    assertRefused(
        () -> spec(convolution(1, 3, 4), convolution(2, 4, 3)),
        "hidden layer 2 takes an image of 2x4x3, but the layer before has maps of 2x3x4; set"
            + " imageShape to these");
    HiddenLayer layer = convolution(1, 3, 4);
    assertRefused(
        () ->
            spec(
                new HiddenLayer(
                    23, layer.activation(), layer.sparsity(), layer.form(), layer.convolution())),
        "hidden layer 1 has maps of 2x3x4, so its size must be 24, got 23");
  }

  /** A dense layer takes maps as they lie, and a convolution what a dense one gives as an image. */
  @Test
  void layersOfBothKindsThatFitMakeAModel() {
    AutoencoderSpec spec = spec(convolution(1, 3, 4), dense(18), convolution(2, 3, 3));
    assertEquals(18, spec.codeSize());
    assertTrue(spec.isConvolutional());
    assertEquals(
        2 * 4 + 2 + 18 * 24 + 18 + 2 * 8 + 2 + 2 * 8 + 2 + 24 * 18 + 24 + 2 * 4 + 1,
        spec.layout().size());
  }

  private static void assertRefused(Executable act, String says) {
    String problem = assertThrows(IllegalArgumentException.class, act).getMessage();
    assertTrue(problem.contains(says), problem);
  }
}
