package org.sparksae.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sparksae.core.Text;

/**
 * How to draw filters, and rows that are images.
 *
 * @param imageShape of an input row, (height, width[, channels]), one plane after the other
 * @param zoom edge of an input pixel
 * @param maxUnits units to draw, at most
 * @param layer the hidden layer of the filters, from 1
 * @param byDecoder whether to draw what its units contribute to the reconstruction; else what
 *     excites them
 */
record Picture(int[] imageShape, int zoom, int maxUnits, int layer, boolean byDecoder) {

  /**
   * What a section of a job says, if anything.
   *
   * @param layers hidden layers of the model
   */
  static Optional<Picture> of(Section section, int layers) {
    section.only(List.of("imageShape", "zoom", "maxUnits", "layer", "filters"));
    Optional<int[]> shape = section.find("imageShape").map(Picture::imageShape);
    int zoom = section.find("zoom").map(Value::asPositiveInt).orElse(2);
    int maxUnits = section.find("maxUnits").map(Value::asPositiveInt).orElse(400);
    int layer = section.find("layer").map(value -> layer(value, layers)).orElse(1);
    boolean byDecoder = section.find("filters").map(Picture::isDecoder).orElse(layer > 1);
    if (shape.isEmpty() && !section.object().isEmpty()) {
      throw JobConfig.missing(
          "picture.imageShape", "height and width of an input row, such as [28, 28]");
    }
    return shape.map(sizes -> new Picture(sizes, zoom, maxUnits, layer, byDecoder));
  }

  private static int[] imageShape(Value value) {
    int[] sizes = value.asInts();
    boolean known = sizes.length == 2 || sizes.length == 3 && (sizes[2] == 1 || sizes[2] == 3);
    if (!known || Arrays.stream(sizes).anyMatch(size -> size < 1)) {
      throw value.wrong(
          "[height, width] or [height, width, channels], each 1 or more and channels 1 or 3");
    }
    return sizes;
  }

  private static int layer(Value value, int layers) {
    int layer = value.asInt();
    if (layer < 1 || layer > layers) {
      throw value.wrong(Text.format("in [1, %d], one of the hidden layers", layers));
    }
    return layer;
  }

  private static boolean isDecoder(Value value) {
    return switch (value.asText()) {
      case "encoder" -> false;
      case "decoder" -> true;
      default -> throw value.wrong("encoder or decoder");
    };
  }
}
