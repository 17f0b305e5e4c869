package org.sparksae.core.train.checkpoint;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.sparksae.core.Digests;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.Precision;

/**
 * The identity of a training: two trainings with equal fields make the same steps, bit for bit.
 *
 * @param fields values by readable names, in the order in which to show them
 */
public record RunIdentity(Map<String, String> fields) {
  /** The field with the number of training rows. The following endings are appended to its name. */
  public static final String ROWS = "rows";

  /** Ending for the hash of values, weights and order. */
  public static final String CONTENT_HASH = ".contentHash";

  /** Ending for the partitions from which the rows were read. */
  public static final String SOURCE_PARTITIONS = ".sourcePartitions";

  /** Ending for the partitions that hold the rows. */
  public static final String PARTITIONS = ".partitions";

  private static final int HASHED_FLOATS = 4096;

  /** Copies the fields. */
  public RunIdentity {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** Returns the fields of a model, with the names of the Params. */
  public static Map<String, String> fieldsOf(AutoencoderSpec spec) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("inputSize", Integer.toString(spec.inputSize()));
    fields.put(
        "hiddenLayers", spec.hiddenLayers().stream().map(HiddenLayer::size).toList().toString());
    fields.put("outputActivation", spec.outputActivation().paramName());
    fields.put("tiedWeights", Boolean.toString(spec.tiedWeights()));
    fields.put("regParam", Double.toString(spec.regParam()));
    if (spec.decoderNorm() != DecoderNorm.FREE) {
      fields.put("decoderNorm", spec.decoderNorm().paramName());
    }
    if (spec.preBias()) {
      fields.put("preBias", "true");
    }
    if (spec.target() != null) {
      fields.put("targetSize", Integer.toString(spec.target().size()));
      fields.put("skipConnection", Boolean.toString(spec.target().skip()));
    }
    if (spec.precision() != Precision.FLOAT32) {
      fields.put("precision", spec.precision().paramName());
    }
    for (int i = 0; i < spec.depth(); i++) {
      HiddenLayer layer = spec.hiddenLayers().get(i);
      String of = "[" + i + "]";
      fields.put("activation" + of, layer.activation().paramName());
      fields.put("sparsity" + of, layer.sparsity().kind().paramName());
      fields.put("sparsityScope" + of, layer.sparsity().scope().paramName());
      fields.put("sparsityWeights" + of, Double.toString(layer.sparsity().weight()));
      fields.put("sparsityTargets" + of, Double.toString(layer.sparsity().target()));
      if (layer.sparsity().rounding() > 0) {
        fields.put("rounding" + of, Double.toString(layer.sparsity().rounding()));
      }
      layer.form().fields().forEach((name, value) -> fields.put(name, String.valueOf(value)));
      if (layer.convolution() != null) {
        Convolution convolution = layer.convolution();
        fields.put("imageShape" + of, convolution.input().toString());
        fields.put("filters" + of, Integer.toString(convolution.filters()));
        fields.put("kernelSizes" + of, Integer.toString(convolution.kernel()));
        fields.put("strides" + of, Integer.toString(convolution.stride()));
        fields.put("padding" + of, convolution.padding().paramName());
        fields.put("spatialSparsity" + of, Boolean.toString(layer.isSpatial()));
      }
    }
    return fields;
  }

  /** Returns the field for initial parameters: 16 hexadecimal digits of their SHA-256. */
  public static String hashOf(float[] parameters) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * HASHED_FLOATS);
    MessageDigest digest = Digests.sha256();
    for (int from = 0; from < parameters.length; from += HASHED_FLOATS) {
      int count = Math.min(HASHED_FLOATS, parameters.length - from);
      bytes.clear().asFloatBuffer().put(parameters, from, count);
      digest.update(bytes.limit(Float.BYTES * count));
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
  }

  /**
   * Whether another run has the same number of training rows, but different rows, order or
   * partitions.
   */
  public boolean hasRowsOtherwise(RunIdentity other) {
    return isSame(ROWS, other)
        && !Stream.of(CONTENT_HASH, SOURCE_PARTITIONS, PARTITIONS)
            .allMatch(part -> isSame(ROWS + part, other));
  }

  private boolean isSame(String field, RunIdentity other) {
    return Objects.equals(fields.get(field), other.fields.get(field));
  }

  /**
   * Returns the differences from the run of a checkpoint, such as {@code batchSize is 100, the
   * checkpoint has 50}; empty if it is the same run.
   *
   * @param checkpoint identity of the run of the checkpoint
   */
  public List<String> differences(RunIdentity checkpoint) {
    Set<String> names = new LinkedHashSet<>(fields.keySet());
    names.addAll(checkpoint.fields.keySet());
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      String here = fields.get(name);
      String there = checkpoint.fields.get(name);
      if (!Objects.equals(here, there)) {
        differences.add(
            Text.format(
                "%s is %s, the checkpoint has %s",
                name, here == null ? "not set" : here, there == null ? "none" : there));
      }
    }
    return differences;
  }
}
