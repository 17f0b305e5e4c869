package org.sparksae.core.format.onnx;

import static org.sparksae.core.format.onnx.OnnxGraph.integer;
import static org.sparksae.core.format.onnx.OnnxGraph.list;

import ai.onnx.proto.OnnxMl.GraphProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.Pooling;
import org.sparksae.core.model.PoolingKind;
import org.sparksae.core.model.SpatialSparsity;
import org.sparksae.core.model.TensorRole;
import org.sparksae.core.model.TopK;

/**
 * The equations of an autoencoder as a graph of ONNX. Values between layers are flat, [rows, size];
 * maps of a convolution are [rows, filters, height, width] within a layer.
 */
final class AutoencoderGraph {
  private final AutoencoderSpec spec;
  private final float[] parameters;
  private final ParameterLayout layout;
  private final Map<String, String> added = new HashMap<>();
  private final OnnxGraph graph = new OnnxGraph("sparse autoencoder");

  AutoencoderGraph(AutoencoderSpec spec, float[] parameters) {
    this.spec = spec;
    this.parameters = parameters;
    this.layout = spec.layout();
  }

  GraphProto of(OnnxModel.Output output) {
    String features = graph.input("features", spec.inputSize());
    String moved = spec.preBias() ? node("Sub", features, vector(spec.preBiasTensor())) : features;
    List<String> layers = encode(moved);
    addCode(layers.get(output.layer() - 1), output);
    graph.output("reconstruction", decode(layers.get(layers.size() - 1), moved), spec.outputSize());
    return graph.build();
  }

  /** Returns h_1 .. h_K, each [rows, size]. */
  private List<String> encode(String moved) {
    List<String> layers = new ArrayList<>();
    String below = moved;
    for (int k = 1; k <= spec.depth(); k++) {
      below = encode(k, below);
      layers.add(below);
    }
    return layers;
  }

  private String encode(int k, String below) {
    HiddenLayer layer = spec.hiddenLayers().get(k - 1);
    CodeForm form = layer.form().encoding();
    if (form.tensors().contains(TensorRole.LOG_SCALE)) {
      return gated(k, below);
    }
    String z = layer.convolution() == null ? affine(k, below) : convolved(k, below);
    String h = activated(layer.activation(), z);
    if (form instanceof TopK topK) {
      h = largest(topK, z, h);
    } else if (form.hasThresholds()) {
      h = where(node("Greater", z, vector(ParameterLayout.threshold(k))), h);
    }
    return layer.convolution() == null ? h : flat(h, layer.size());
  }

  /** {@code z = W x + b}. */
  private String affine(int k, String below) {
    return graph.node(
        "Gemm",
        List.of(
            below,
            matrix(ParameterLayout.encoderWeight(k)),
            vector(ParameterLayout.encoderBias(k))),
        integer("transB", 1));
  }

  /** {@code g = W x; h = ReLU(exp(r) g + m) where g + b > 0}. */
  private String gated(int k, String below) {
    String g =
        graph.node(
            "Gemm", List.of(below, matrix(ParameterLayout.encoderWeight(k))), integer("transB", 1));
    String gate = node("Add", g, vector(ParameterLayout.encoderBias(k)));
    String scale = node("Exp", vector(ParameterLayout.ofCode(k, TensorRole.LOG_SCALE)));
    String magnitude =
        node(
            "Add",
            node("Mul", g, scale),
            vector(ParameterLayout.ofCode(k, TensorRole.MAGNITUDE_BIAS)));
    return where(node("Greater", gate, graph.number("zero", 0)), node("Relu", magnitude));
  }

  /** Keeps of h = f(z) the k largest; of maps at each position. The first of equal ones is kept. */
  private String largest(TopK topK, String z, String h) {
    String order = topK.by() == TopK.By.MAGNITUDE ? node("Abs", h) : z;
    return kept(order, h, topK.k(), 1);
  }

  /** Keeps of h, along an axis, the values where {@code order} is largest. */
  private String kept(String order, String h, int count, int axis) {
    String indices =
        graph
            .nodes("TopK", 2, List.of(order, graph.integers("k", count)), integer("axis", axis))
            .get(1);
    String values = graph.node("GatherElements", List.of(h, indices), integer("axis", axis));
    String zeros = node("ConstantOfShape", node("Shape", h));
    return graph.node("ScatterElements", List.of(zeros, indices, values), integer("axis", axis));
  }

  private String decode(String code, String moved) {
    String h = code;
    for (int k = spec.depth(); k >= 1; k--) {
      HiddenLayer layer = spec.hiddenLayers().get(k - 1);
      Activation activation =
          k == 1 ? spec.outputActivation() : spec.hiddenLayers().get(k - 2).activation();
      String z = layer.convolution() == null ? affineBack(k, h) : convolvedBack(k, h);
      if (k == 1 && spec.hasSkip()) {
        String skip =
            graph.node("Gemm", List.of(moved, matrix(ParameterLayout.SKIP)), integer("transB", 1));
        z = node("Add", z, skip);
      }
      h = activated(activation, z);
    }
    return h;
  }

  /** {@code V h + c}, from a matrix that is tied, or stored latent by latent, or not. */
  private String affineBack(int k, String h) {
    boolean tied = spec.tiedWeights();
    boolean byUnit = tied || spec.hiddenLayers().get(k - 1).form().isDecodedByUnit();
    String weights = tied ? ParameterLayout.encoderWeight(k) : ParameterLayout.decoderWeight(k);
    return graph.node(
        "Gemm",
        List.of(h, matrix(weights), vector(ParameterLayout.decoderBias(k))),
        integer("transB", byUnit ? 0 : 1));
  }

  private String convolved(int k, String below) {
    Convolution convolution = spec.hiddenLayers().get(k - 1).convolution();
    return convolution(
        "Conv",
        convolution,
        maps(below, convolution.input()),
        ParameterLayout.encoderWeight(k),
        ParameterLayout.encoderBias(k));
  }

  private String convolvedBack(int k, String h) {
    HiddenLayer layer = spec.hiddenLayers().get(k - 1);
    Convolution convolution = layer.convolution();
    String weights =
        spec.tiedWeights() ? ParameterLayout.encoderWeight(k) : ParameterLayout.decoderWeight(k);
    String image =
        convolution(
            "ConvTranspose",
            convolution,
            winners(layer, h),
            weights,
            ParameterLayout.decoderBias(k));
    return flat(image, convolution.input().size());
  }

  /** What the decoder takes of the maps: with spatial sparsity, the largest value of each. */
  private String winners(HiddenLayer layer, String h) {
    ImageShape shape = layer.convolution().output();
    if (!(layer.form() instanceof SpatialSparsity)) {
      return maps(h, shape);
    }
    String rows = reshaped(h, 0, shape.channels(), shape.pixels());
    return maps(kept(rows, rows, 1, 2), shape);
  }

  private String convolution(
      String type, Convolution of, String maps, String weights, String bias) {
    int kernel = of.kernel();
    ParameterLayout.Tensor tensor = layout.tensor(weights);
    String kernels = parameter(tensor, of.filters(), of.input().channels(), kernel, kernel);
    int rows = zeros(of, of.input().height(), of.output().height());
    int columns = zeros(of, of.input().width(), of.output().width());
    return graph.node(
        type,
        List.of(maps, kernels, vector(bias)),
        list("kernel_shape", kernel, kernel),
        list("strides", of.stride(), of.stride()),
        list("pads", rows / 2, columns / 2, rows - rows / 2, columns - columns / 2));
  }

  /** Rows or columns of zeros that the windows need beside an image. */
  private static int zeros(Convolution of, int size, int windows) {
    return (windows - 1) * of.stride() + of.kernel() - size;
  }

  private void addCode(String h, OnnxModel.Output output) {
    HiddenLayer layer = spec.hiddenLayers().get(output.layer() - 1);
    String code = h;
    if (output.threshold() > 0) {
      String bound = graph.number("activationThreshold", (float) output.threshold());
      code = where(node("GreaterOrEqual", node("Abs", h), bound), h);
    }
    int size = layer.size();
    if (output.pooling() != null) {
      size = output.pooling().output().size();
      code = flat(pooled(output.pooling(), maps(code, output.pooling().input())), size);
    }
    graph.output("code", code, size);
  }

  private String pooled(Pooling pooling, String maps) {
    return graph.node(
        pooling.kind() == PoolingKind.MAX ? "MaxPool" : "AveragePool",
        List.of(maps),
        list("kernel_shape", pooling.size(), pooling.size()),
        list("strides", pooling.stride(), pooling.stride()));
  }

  private String activated(Activation activation, String z) {
    return switch (activation) {
      case SIGMOID -> node("Sigmoid", z);
      case TANH -> node("Tanh", z);
      case RELU -> node("Relu", z);
      case LINEAR -> z;
    };
  }

  private String where(String condition, String value) {
    return node("Where", condition, value, graph.number("zero", 0));
  }

  private String flat(String maps, int size) {
    return reshaped(maps, 0, size);
  }

  private String maps(String flat, ImageShape shape) {
    return reshaped(flat, 0, shape.channels(), shape.height(), shape.width());
  }

  /** A size of 0 is that of the value: the number of rows. */
  private String reshaped(String value, long... shape) {
    return node("Reshape", value, graph.integers("shape", shape));
  }

  private String node(String type, String... inputs) {
    return graph.node(type, List.of(inputs));
  }

  private String matrix(String name) {
    ParameterLayout.Tensor tensor = layout.tensor(name);
    return parameter(tensor, tensor.rows(), tensor.columns());
  }

  private String vector(String name) {
    ParameterLayout.Tensor tensor = layout.tensor(name);
    return parameter(tensor, tensor.rows());
  }

  /** Adds a tensor once, though an encoder and its decoder may share it. */
  private String parameter(ParameterLayout.Tensor tensor, long... shape) {
    return added.computeIfAbsent(
        tensor.name(), name -> graph.floats(name, parameters, tensor.offset(), shape));
  }
}
