package org.sparksae.spark.ml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamPair;
import org.sparksae.core.model.Padding;
import org.sparksae.core.model.PoolingKind;

/** The Param objects of a {@link ConvolutionalSparseAutoencoder} or its model. */
public final class ConvolutionalSparseAutoencoderParamSet extends AutoencoderParamSet {
  private static final long serialVersionUID = 1L;

  static final String NO_POOLING = "none";

  final IntArrayParam imageShape;
  final IntArrayParam filters;
  final IntArrayParam kernelSizes;
  final IntArrayParam strides;
  final Param<String> padding;
  final BooleanParam spatialSparsity;
  final Param<String> pooling;
  final IntParam poolSize;
  final IntParam poolStride;

  ConvolutionalSparseAutoencoderParamSet(ConvolutionalSparseAutoencoderParams parent) {
    super(parent);
    List<String> paddings = Arrays.stream(Padding.values()).map(Padding::paramName).toList();
    imageShape =
        new IntArrayParam(
            parent,
            "imageShape",
            "[channels, height, width] of the image that a row is, flattened in that order",
            Rules.sizes("imageShape"));
    filters =
        new IntArrayParam(
            parent,
            "filters",
            "maps of each hidden layer, from the input inwards; those of the last are the code",
            Rules.sizes("filters"));
    kernelSizes =
        new IntArrayParam(
            parent,
            "kernelSizes",
            "rows and columns of the windows of each hidden layer, or one for all",
            Rules.sizes("kernelSizes"));
    strides =
        new IntArrayParam(
            parent,
            "strides",
            "rows and columns between the windows of each hidden layer, or one for all",
            Rules.sizes("strides"));
    padding =
        new Param<>(
            parent,
            "padding",
            "what is done at the border of images: " + String.join(", ", paddings),
            Rules.oneOf("padding", paddings));
    spatialSparsity =
        new FlagParam(
            parent,
            "spatialSparsity",
            "whether in training each map of an image keeps its largest activation alone");
    pooling =
        new Param<>(
            parent,
            "pooling",
            "what outputCol gets of each window of the maps: " + String.join(", ", poolings()),
            Rules.oneOf("pooling", poolings()));
    poolSize =
        new IntParam(
            parent,
            "poolSize",
            "rows and columns of the windows of pooling",
            Rules.intAtLeast("poolSize", 1));
    poolStride =
        new IntParam(
            parent,
            "poolStride",
            "rows and columns from one window of pooling to the next; not set: poolSize",
            Rules.intAtLeast("poolStride", 1));
  }

  private static List<String> poolings() {
    List<String> names = new ArrayList<>(List.of(NO_POOLING));
    Arrays.stream(PoolingKind.values()).map(PoolingKind::paramName).forEach(names::add);
    return names;
  }

  @Override
  List<ParamPair<?>> defaults(String uid) {
    List<ParamPair<?>> defaults = new ArrayList<>(super.defaults(uid));
    defaults.add(new ParamPair<>(strides, new int[] {1}));
    defaults.add(new ParamPair<>(padding, Padding.SAME.paramName()));
    defaults.add(spatialSparsity.w(false));
    defaults.add(new ParamPair<>(pooling, NO_POOLING));
    return defaults;
  }
}
