package org.sparksae.core.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.Text;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeFields;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.model.Padding;
import org.sparksae.core.model.Precision;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.SpatialSparsity;
import org.sparksae.core.model.Target;

/**
 * Converts an {@link AutoencoderSpec} to and from JSON, with the names that the Params use. The
 * precision is not part of it: it says how a model is computed, not what it is.
 */
final class SpecJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SpecJson() {}

  static String write(AutoencoderSpec spec) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("inputSize", spec.inputSize());
    json.put("outputActivation", spec.outputActivation().paramName());
    json.put("tiedWeights", spec.tiedWeights());
    json.put("regParam", spec.regParam());
    if (spec.decoderNorm() != DecoderNorm.FREE) {
      json.put("decoderNorm", spec.decoderNorm().paramName());
    }
    if (spec.preBias()) {
      json.put("preBias", true);
    }
    if (spec.target() != null) {
      json.putObject("target")
          .put("size", spec.target().size())
          .put("skipConnection", spec.target().skip());
    }
    for (HiddenLayer layer : spec.hiddenLayers()) {
      ObjectNode entry = json.withArray("hiddenLayers").addObject();
      entry.put("size", layer.size());
      entry.put("activation", layer.activation().paramName());
      entry.put("sparsity", layer.sparsity().kind().paramName());
      entry.put("sparsityScope", layer.sparsity().scope().paramName());
      entry.put("sparsityWeight", layer.sparsity().weight());
      entry.put("sparsityTarget", layer.sparsity().target());
      layer.form().fields().forEach((name, value) -> entry.set(name, MAPPER.valueToTree(value)));
      if (layer.convolution() != null) {
        write(layer.convolution(), entry.putObject("convolution"))
            .put("spatialSparsity", layer.isSpatial());
      }
    }
    return json.toString();
  }

  private static ObjectNode write(Convolution convolution, ObjectNode entry) {
    ImageShape input = convolution.input();
    entry.putArray("imageShape").add(input.channels()).add(input.height()).add(input.width());
    entry.put("filters", convolution.filters());
    entry.put("kernelSize", convolution.kernel());
    entry.put("stride", convolution.stride());
    entry.put("padding", convolution.padding().paramName());
    return entry;
  }

  private static Convolution convolution(JsonNode entry) throws CorruptModelException {
    JsonNode shape = field(entry, "imageShape");
    if (shape.size() != 3) {
      throw wrong("imageShape", "[channels, height, width]", shape);
    }
    return new Convolution(
        new ImageShape(
            integer("imageShape", shape.get(0)),
            integer("imageShape", shape.get(1)),
            integer("imageShape", shape.get(2))),
        integer(entry, "filters"),
        integer(entry, "kernelSize"),
        integer(entry, "stride"),
        Padding.parse("padding", field(entry, "padding").asText()));
  }

  static AutoencoderSpec read(String text) throws IOException {
    try {
      JsonNode json = MAPPER.readTree(text);
      List<HiddenLayer> layers = new ArrayList<>();
      for (JsonNode entry : field(json, "hiddenLayers")) {
        layers.add(layer(entry));
      }
      return new AutoencoderSpec(
          integer(json, "inputSize"),
          layers,
          Activation.parse("outputActivation", field(json, "outputActivation").asText()),
          bool(json, "tiedWeights"),
          number(json, "regParam"),
          decoderNorm(json),
          json.has("preBias") && bool(json, "preBias"),
          target(json),
          Precision.FLOAT32);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new CorruptModelException("spec is not a model description: " + e.getMessage(), e);
    }
  }

  /** Earlier releases did not write it, and read such models as free ones, which encode alike. */
  private static DecoderNorm decoderNorm(JsonNode json) throws CorruptModelException {
    return json.has("decoderNorm")
        ? DecoderNorm.parse("decoderNorm", field(json, "decoderNorm").asText())
        : DecoderNorm.FREE;
  }

  private static Target target(JsonNode json) throws CorruptModelException {
    JsonNode target = json.get("target");
    return target == null
        ? null
        : new Target(integer(target, "size"), bool(target, "skipConnection"));
  }

  private static HiddenLayer layer(JsonNode entry) throws IOException {
    Sparsity sparsity =
        new Sparsity(
            SparsityKind.parse("sparsity", field(entry, "sparsity").asText()),
            SparsityScope.parse("sparsityScope", field(entry, "sparsityScope").asText()),
            number(entry, "sparsityWeight"),
            number(entry, "sparsityTarget"));
    Convolution convolution =
        entry.has("convolution") ? convolution(entry.get("convolution")) : null;
    CodeForm form = CodeForm.read(new JsonFields(entry));
    boolean spatial = convolution != null && bool(entry.get("convolution"), "spatialSparsity");
    return new HiddenLayer(
        integer(entry, "size"),
        Activation.parse("activation", field(entry, "activation").asText()),
        sparsity,
        spatial ? new SpatialSparsity(form) : form,
        convolution);
  }

  /** The fields of a layer, from which the form of its code is read. */
  private record JsonFields(JsonNode entry) implements CodeFields {

    @Override
    public boolean has(String name) {
      return entry.has(name);
    }

    @Override
    public boolean flag(String name) throws CorruptModelException {
      return has(name) && bool(entry, name);
    }

    @Override
    public int integer(String name) throws CorruptModelException {
      return SpecJson.integer(entry, name);
    }

    @Override
    public double number(String name) throws CorruptModelException {
      return SpecJson.number(entry, name);
    }

    @Override
    public List<Integer> integers(String name) throws CorruptModelException {
      JsonNode list = field(entry, name);
      if (!list.isArray()) {
        throw wrong(name, "a list of integers", list);
      }
      List<Integer> values = new ArrayList<>();
      for (JsonNode value : list) {
        values.add(SpecJson.integer(name, value));
      }
      return values;
    }

    @Override
    public String text(String name) throws CorruptModelException {
      return field(entry, name).asText();
    }
  }

  private static int integer(JsonNode json, String name) throws CorruptModelException {
    return integer(name, field(json, name));
  }

  private static int integer(String name, JsonNode value) throws CorruptModelException {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(name, "an integer", value);
    }
    return value.intValue();
  }

  private static double number(JsonNode json, String name) throws CorruptModelException {
    JsonNode value = field(json, name);
    if (!value.isNumber()) {
      throw wrong(name, "a number", value);
    }
    return value.doubleValue();
  }

  private static boolean bool(JsonNode json, String name) throws CorruptModelException {
    JsonNode value = field(json, name);
    if (!value.isBoolean()) {
      throw wrong(name, "true or false", value);
    }
    return value.booleanValue();
  }

  private static CorruptModelException wrong(String name, String rule, JsonNode value) {
    return new CorruptModelException(Text.format("spec.%s must be %s, got %s", name, rule, value));
  }

  private static JsonNode field(JsonNode json, String name) throws CorruptModelException {
    JsonNode value = json.get(name);
    if (value == null) {
      throw new CorruptModelException(Text.format("spec has no field '%s'", name));
    }
    return value;
  }
}
