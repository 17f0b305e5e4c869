package org.sparksae.core.format.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A graph that grows node by node. Every value has a name; each method returns that of its result.
 */
final class OnnxGraph {
  /** The symbolic size of the first dimension of every value that has rows. */
  private static final String ROWS = "rows";

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private int values;

  OnnxGraph(String name) {
    graph.setName(name);
  }

  GraphProto build() {
    return graph.build();
  }

  /** Adds an input [rows, columns]. */
  String input(String name, int columns) {
    graph.addInput(rows(name, columns));
    return name;
  }

  /** Makes a value [rows, columns] an output of the graph, by another name. */
  void output(String name, String value, int columns) {
    graph.addNode(
        NodeProto.newBuilder().setOpType("Identity").setName(name).addInput(value).addOutput(name));
    graph.addOutput(rows(name, columns));
  }

  private static ValueInfoProto rows(String name, int columns) {
    TensorShapeProto shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(ROWS))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns))
            .build();
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT.getNumber())
            .setShape(shape)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** Adds constants in row-major order. */
  String floats(String name, float[] values, int from, long... shape) {
    int count = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values, from, count);
    return constant(name, TensorProto.DataType.FLOAT, bytes, shape);
  }

  /** Adds a number that is not of rows. */
  String number(String name, float value) {
    return floats(name, new float[] {value}, 0);
  }

  /** Adds a vector of int64, as shapes and counts are. */
  String integers(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * values.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return constant(name, TensorProto.DataType.INT64, bytes, values.length);
  }

  private String constant(String name, TensorProto.DataType type, ByteBuffer bytes, long... shape) {
    String unique = unique(name);
    // The buffer is not changed any more, so it need not be copied.
    ByteString raw = UnsafeByteOperations.unsafeWrap(bytes);
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(unique)
            .setDataType(type.getNumber())
            .addAllDims(LongStream.of(shape).boxed().toList())
            .setRawData(raw));
    return unique;
  }

  /** Adds a node with one result. */
  String node(String type, List<String> inputs, AttributeProto... attributes) {
    return nodes(type, 1, inputs, attributes).get(0);
  }

  /** Adds a node with several results. */
  List<String> nodes(String type, int results, List<String> inputs, AttributeProto... attributes) {
    String name = unique(type);
    List<String> outputs =
        results == 1
            ? List.of(name)
            : LongStream.range(0, results).mapToObj(i -> name + "_" + i).toList();
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(type)
            .setName(name)
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(Arrays.asList(attributes)));
    return outputs;
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto list(String name, long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(LongStream.of(values).boxed().toList())
        .build();
  }

  private String unique(String name) {
    return name + "_" + values++;
  }
}
