package org.sparksae.cli.job;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sparksae.core.Text;
import org.sparksae.core.model.ImageShape;

/**
 * How to draw filters and rows that are images.
 *
 * @param imageShape shape of an input row, 1 or 3 channels
 * @param zoom edge of an input pixel in the picture
 * @param maxUnits how many units to draw at most
 * @param layer the hidden layer whose filters to draw, from 1
 * @param byDecoder whether to draw what the layer's units add to the reconstruction, instead of
 *     what excites them
 */
public record Picture(ImageShape imageShape, int zoom, int maxUnits, int layer, boolean byDecoder) {

  /**
   * Reads the section, which may be missing.
   *
   * @param layers number of hidden layers of the model
   */
  public static Optional<Picture> of(Section section, int layers) {
    section.only(List.of("imageShape", "zoom", "maxUnits", "layer", "filters"));
    Optional<ImageShape> shape = section.find("imageShape").map(Picture::imageShape);
    int zoom = section.find("zoom").map(Value::asPositiveInt).orElse(2);
    int maxUnits = section.find("maxUnits").map(Value::asPositiveInt).orElse(400);
    int layer = section.find("layer").map(value -> layer(value, layers)).orElse(1);
    boolean byDecoder = section.find("filters").map(Picture::isDecoder).orElse(layer > 1);
    if (shape.isEmpty() && !section.object().isEmpty()) {
      throw Section.missing(
          "picture.imageShape", "[channels, height, width] of an input row, such as [1, 28, 28]");
    }
    return shape.map(sizes -> new Picture(sizes, zoom, maxUnits, layer, byDecoder));
  }

  /**
   * Recognises the old order, [height, width] or [height, width, channels], to name the new one.
   */
  private static ImageShape imageShape(Value value) {
    int[] sizes = value.asInts();
    if (isChannelsFirst(sizes)) {
      return new ImageShape(sizes[0], sizes[1], sizes[2]);
    }
    String rule = "[channels, height, width], each 1 or more and channels 1 or 3";
    if (sizes.length == 2 || sizes.length == 3) {
      int[] turned = {sizes.length == 3 ? sizes[2] : 1, sizes[0], sizes[1]};
      rule += isChannelsFirst(turned) ? " (write " + Arrays.toString(turned) + ")" : "";
    }
    throw value.wrong(rule);
  }

  private static boolean isChannelsFirst(int[] sizes) {
    return sizes.length == 3
        && (sizes[0] == 1 || sizes[0] == 3)
        && Arrays.stream(sizes).allMatch(size -> size > 0);
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
