package org.sparksae.core.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.nn.Activation;
import org.sparksae.core.nn.AutoencoderSpec;
import org.sparksae.core.nn.HiddenLayer;
import org.sparksae.core.nn.Sparsity;
import org.sparksae.core.nn.SparsityKind;
import org.sparksae.core.nn.SparsityScope;
import org.sparksae.core.nn.TopK;

/** An {@link AutoencoderSpec} as JSON, with the names that the Params use. */
final class SpecJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SpecJson() {}

  static String write(AutoencoderSpec spec) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("inputSize", spec.inputSize());
    json.put("outputActivation", spec.outputActivation().paramName());
    json.put("tiedWeights", spec.tiedWeights());
    json.put("regParam", spec.regParam());
    for (HiddenLayer layer : spec.hiddenLayers()) {
      ObjectNode entry = json.withArray("hiddenLayers").addObject();
      entry.put("size", layer.size());
      entry.put("activation", layer.activation().paramName());
      entry.put("sparsity", layer.sparsity().kind().paramName());
      entry.put("sparsityScope", layer.sparsity().scope().paramName());
      entry.put("sparsityWeight", layer.sparsity().weight());
      entry.put("sparsityTarget", layer.sparsity().target());
      if (layer.topK() != null) {
        entry.put("k", layer.topK().k());
        entry.put("topKBy", layer.topK().by().paramName());
      }
    }
    return json.toString();
  }

  static AutoencoderSpec read(String text) throws CorruptModelException {
    try {
      JsonNode json = MAPPER.readTree(text);
      List<HiddenLayer> layers = new ArrayList<>();
      for (JsonNode entry : field(json, "hiddenLayers")) {
        layers.add(layer(entry));
      }
      return new AutoencoderSpec(
          field(json, "inputSize").asInt(),
          layers,
          Activation.parse("outputActivation", field(json, "outputActivation").asText()),
          field(json, "tiedWeights").asBoolean(),
          field(json, "regParam").asDouble());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new CorruptModelException("spec is not a model description: " + e.getMessage(), e);
    }
  }

  private static HiddenLayer layer(JsonNode entry) throws CorruptModelException {
    Sparsity sparsity =
        new Sparsity(
            SparsityKind.parse("sparsity", field(entry, "sparsity").asText()),
            SparsityScope.parse("sparsityScope", field(entry, "sparsityScope").asText()),
            field(entry, "sparsityWeight").asDouble(),
            field(entry, "sparsityTarget").asDouble());
    return new HiddenLayer(
        field(entry, "size").asInt(),
        Activation.parse("activation", field(entry, "activation").asText()),
        sparsity,
        entry.has("k") ? topK(entry) : null);
  }

  private static TopK topK(JsonNode entry) throws CorruptModelException {
    return new TopK(
        field(entry, "k").asInt(), TopK.By.parse("topKBy", field(entry, "topKBy").asText()));
  }

  private static JsonNode field(JsonNode json, String name) throws CorruptModelException {
    JsonNode value = json.get(name);
    if (value == null) {
      throw new CorruptModelException("spec has no field '%s'".formatted(name));
    }
    return value;
  }
}
