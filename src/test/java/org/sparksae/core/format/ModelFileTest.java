package org.sparksae.core.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.model.LifetimeSparsity;
import org.sparksae.core.model.Padding;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.SpatialSparsity;
import org.sparksae.core.model.Target;
import org.sparksae.core.model.TopK;

/** What a model's file says of the model, and descriptions of models that are none. */
class ModelFileTest {
  private static final AutoencoderSpec K_SPARSE = spec(new TopK(2, TopK.By.VALUE));
  private static final AutoencoderSpec DENSE = spec(CodeForm.ALL);

  private static AutoencoderSpec spec(CodeForm topK) {
    return new AutoencoderSpec(
        2,
        List.of(
            new HiddenLayer(4, Activation.LINEAR, Sparsity.NONE),
            new HiddenLayer(3, Activation.LINEAR, Sparsity.NONE, topK)),
        Activation.LINEAR,
        true,
        0.5);
  }

  /** A file of the model's tensors with these words about it. */
  private static byte[] file(AutoencoderSpec spec, String version, String json) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "spark-sparse-autoencoder");
    metadata.put("formatVersion", version);
    metadata.put("spec", json);
    ParameterLayout layout = spec.layout();
    float[] parameters = new float[layout.size()];
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(
        out,
        layout.tensors().stream()
            .map(view -> new Tensor(view.name(), view.shape(), parameters, view.offset()))
            .toList(),
        metadata);
    return out.toByteArray();
  }

  private static ModelFile.Saved read(byte[] file) throws IOException {
    return ModelFile.read(new ByteArrayInputStream(file), file.length);
  }

  @ParameterizedTest
  @EnumSource(TopK.By.class)
  void aKSparseModelComesBackAsItWas(TopK.By by) throws IOException {
    AutoencoderSpec spec = spec(new TopK(3, by));
    float[] parameters = new float[spec.layout().size()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = i;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelFile.write(out, spec, parameters, Map.of("rows", "7"));
    ModelFile.Saved saved = read(out.toByteArray());
    assertEquals(spec, saved.spec());
    assertArrayEquals(parameters, saved.parameters());
    assertEquals(Map.of("rows", "7"), Map.copyOf(withoutChecksum(saved)));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aModelThatDivergedIsRefusedByTheTensor(float value) throws IOException {
    ParameterLayout.Tensor bias = DENSE.layout().tensor("encoder.1.bias");
    float[] parameters = new float[DENSE.layout().size()];
    parameters[bias.offset() + 2] = value;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelFile.write(out, DENSE, parameters, Map.of());
    assertRefused(
        out.toByteArray(),
        "tensor 'encoder.1.bias' must have finite values only, got " + value + " at index 2 of 3");
  }

  private static Map<String, String> withoutChecksum(ModelFile.Saved saved) {
    Map<String, String> provenance = new LinkedHashMap<>(saved.provenance());
    provenance.remove("dataSha256");
    return provenance;
  }

  /** Earlier releases read such a file, too: it encodes as any other. */
  @Test
  void onlyTheDescriptionOfAConstrainedDecoderNamesItsNorm() throws IOException {
    AutoencoderSpec unit = DENSE.with(DecoderNorm.UNIT);
    String json = SpecJson.write(unit);
    assertTrue(json.contains("\"regParam\":0.5,\"decoderNorm\":\"unit\""), json);
    assertFalse(SpecJson.write(DENSE).contains("decoderNorm"));
    assertEquals(unit, read(file(unit, "1", json)).spec());
    assertRefused(
        file(unit, "1", json.replace("\"decoderNorm\":\"unit\"", "\"decoderNorm\":\"one\"")),
        "decoderNorm must be one of free, unit; got 'one'");
  }

  @Test
  void onlyTheDescriptionOfAKSparseModelNamesK() {
    assertTrue(SpecJson.write(K_SPARSE).endsWith("\"k\":2,\"topKBy\":\"value\"}]}"));
    assertFalse(SpecJson.write(DENSE).contains("\"k\""));
  }

  @Test
  void theTableBreaksWhatIsOtherwiseAModel() throws IOException {
    assertEquals(K_SPARSE, read(file(K_SPARSE, "2", SpecJson.write(K_SPARSE))).spec());
    assertEquals(DENSE, read(file(DENSE, "1", SpecJson.write(DENSE))).spec());
  }

  // Columns: what to replace, by what, and what the message must contain; ' stands for ".
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'k':2 | 'k':0 | k must be in [1, 3], the units of the last of the hiddenLayers; got 0",
        "'k':2 | 'k':4 | k must be in [1, 3], the units of the last of the hiddenLayers; got 4",
        "'k':2 | 'k':-2 | k must be in [1, 3], the units of the last of the hiddenLayers; got -2",
        "'k':2 | 'k':2.5 | spec.k must be an integer, got 2.5",
        "'k':2 | 'k':4294967298 | spec.k must be an integer, got 4294967298",
        "'k':2 | 'k':'2' | spec.k must be an integer, got '2'",
        "'k':2 | 'k':null | spec.k must be an integer, got null",
        "'k':2, | ~~ | spec has no field 'k'",
        "'topKBy':'value' | 'topKBy':'size' | topKBy must be one of value, magnitude; got 'size'",
        "'topKBy':'value' | 'topKBy':null | topKBy must be one of value, magnitude; got 'null'",
        "~,'topKBy':'value'~ | ~~ | spec has no field 'topKBy'",
        "'size':3,'activation':'linear' | 'size':3,'activation':'sigmoid' | k needs activation 'linear' or 'relu', got 'sigmoid'",
        "'sparsity':'none' | 'sparsity':'l1' | k makes the code sparse by itself",
        "'size':4, | 'size':4,'k':1,'topKBy':'value', | k applies to the last of the hiddenLayers, the code; got it for hidden layer 1",
        "'size':3 | 'size':3.5 | spec.size must be an integer, got 3.5",
        "'inputSize':2 | 'inputSize':'2' | spec.inputSize must be an integer, got '2'",
        "'regParam':0.5 | 'regParam':'much' | spec.regParam must be a number, got 'much'",
        "'k':2 | 'k':2,'multiTopK':1 | spec.multiTopK must be true or false, got 1",
        "'k':2 | 'k':2,'matryoshkaWidths':3 | spec.matryoshkaWidths must be a list of integers, got 3",
        "'tiedWeights':true | 'tiedWeights':'yes' | spec.tiedWeights must be true or false, got 'yes'",
      })
  void aDescriptionOfNoModelIsRefused(String from, String to, String message) throws IOException {
    String json = SpecJson.write(K_SPARSE);
    String damaged = json.replace(quoted(from), quoted(to));
    assertFalse(json.equals(damaged), json);
    assertRefused(file(K_SPARSE, "2", damaged), quotedValue(message));
  }

  private static String quoted(String text) {
    return text.replace('\'', '"');
  }

  /** Values are shown as JSON, names between single quotes. */
  private static String quotedValue(String message) {
    int got = message.startsWith("spec.") ? message.indexOf(", got ") : message.length();
    return message.substring(0, got) + quoted(message.substring(got));
  }

  /** Tied models have the same tensors with and without k: only the version tells old readers. */
  @Test
  void version1IsOfDenseCodes() throws IOException {
    assertRefused(
        file(K_SPARSE, "1", SpecJson.write(K_SPARSE)),
        "formatVersion 1 has no k, but the spec has {k=2, topKBy=value}");
  }

  @Test
  void aNewerVersionIsRefused() throws IOException {
    assertRefused(
        file(K_SPARSE, "6", SpecJson.write(K_SPARSE)), "formatVersion must be at most 5, got 6");
  }

  /** An older release would compare predictions with the input. */
  @Test
  void version5HasATarget() throws IOException {
    HiddenLayer code = new HiddenLayer(3, Activation.RELU, Sparsity.NONE);
    AutoencoderSpec without = new AutoencoderSpec(2, List.of(code), Activation.LINEAR, false, 0);
    assertFalse(SpecJson.write(without).contains("target"));
    for (boolean skip : new boolean[] {false, true}) {
      AutoencoderSpec spec = without.withTarget(new Target(4, skip));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ModelFile.write(out, spec, new float[spec.layout().size()], Map.of());
      String text = out.toString(StandardCharsets.ISO_8859_1);
      assertTrue(text.contains("\"formatVersion\":\"5\""), text);
      assertEquals(skip, text.contains("\"decoder.0.skip\""), text);
      assertEquals(spec, read(out.toByteArray()).spec());
      String json = SpecJson.write(spec);
      assertRefused(file(spec, "4", json), "formatVersion 4 has no target, but the spec has one");
      assertRefused(
          file(spec, "5", json.replace("\"size\":4", "\"size\":0")),
          "targetCol must have at least 1 value in a row, got 0");
    }
  }

  /** An older release would encode rows that it does not move. */
  @Test
  void version5HasAPreBias() throws IOException {
    HiddenLayer code = new HiddenLayer(3, Activation.RELU, Sparsity.NONE);
    AutoencoderSpec without = new AutoencoderSpec(2, List.of(code), Activation.LINEAR, false, 0);
    assertFalse(SpecJson.write(without).contains("preBias"));
    AutoencoderSpec spec = without.withPreBias(true);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelFile.write(out, spec, new float[spec.layout().size()], Map.of());
    String text = out.toString(StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("\"formatVersion\":\"5\""), text);
    assertEquals(spec, read(out.toByteArray()).spec());
    String json = SpecJson.write(spec);
    assertRefused(file(spec, "4", json), "formatVersion 4 has no preBias, but the spec has one");
    assertRefused(
        file(spec, "5", json.replace("\"preBias\":true", "\"preBias\":1")),
        "spec.preBias must be true or false, got 1");
    assertRefused(
        file(
            spec,
            "5",
            json.replace("\"outputActivation\":\"linear\"", "\"outputActivation\":\"tanh\"")),
        "preBias needs outputActivation 'linear', got 'tanh'");
  }

  @Test
  void version5HasThePenaltyOfDecoderNorms() throws IOException {
    Sparsity sparsity = new Sparsity(SparsityKind.DECODER_L1, SparsityScope.UNIT, 0.5, 0);
    HiddenLayer code = new HiddenLayer(3, Activation.RELU, sparsity);
    AutoencoderSpec spec = new AutoencoderSpec(2, List.of(code), Activation.LINEAR, false, 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelFile.write(out, spec, new float[spec.layout().size()], Map.of());
    String text = out.toString(StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("\"formatVersion\":\"5\""), text);
    assertEquals(spec, read(out.toByteArray()).spec());
  }

  /** A tied model of winners has the tensors of a dense one: only the version tells old readers. */
  @Test
  void version4HasLifetimeSparsity() throws IOException {
    HiddenLayer code =
        new HiddenLayer(3, Activation.RELU, Sparsity.NONE, new LifetimeSparsity(0.05));
    AutoencoderSpec spec = new AutoencoderSpec(2, List.of(code), Activation.LINEAR, true, 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelFile.write(out, spec, new float[spec.layout().size()], Map.of());
    String text = out.toString(StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("\"formatVersion\":\"4\""), text);
    assertEquals(spec, read(out.toByteArray()).spec());
    String json = SpecJson.write(spec);
    assertRefused(
        file(spec, "3", json),
        "formatVersion 3 has no lifetimeSparsity, but the spec has {lifetimeSparsity=0.05}");
    for (String share : List.of("0", "1.0", "-0.5")) {
      String damaged = json.replace("\"lifetimeSparsity\":0.05", "\"lifetimeSparsity\":" + share);
      assertRefused(file(spec, "4", damaged), "lifetimeSparsity must be in (0, 1), got ");
    }
  }

  private static final AutoencoderSpec CONVOLUTION =
      new AutoencoderSpec(
          12,
          List.of(
              new HiddenLayer(
                  new Convolution(new ImageShape(1, 3, 4), 2, 2, 1, Padding.SAME),
                  Activation.RELU,
                  Sparsity.NONE,
                  new SpatialSparsity(CodeForm.ALL))),
          Activation.LINEAR,
          true,
          0);

  @Test
  void version4HasConvolutions() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelFile.write(out, CONVOLUTION, new float[CONVOLUTION.layout().size()], Map.of());
    String text = out.toString(StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("\"formatVersion\":\"4\""), text);
    assertEquals(CONVOLUTION, read(out.toByteArray()).spec());
    for (String version : List.of("1", "2", "3")) {
      assertRefused(
          file(CONVOLUTION, version, SpecJson.write(CONVOLUTION)),
          "formatVersion %s has no convolution, but the spec has one".formatted(version));
    }
  }

  // As above, of a convolution.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'kernelSize':2 | 'kernelSize':3 | tensor 'encoder.0.weight' must have shape [2, 9], got [2, 4]",
        "'kernelSize':2 | 'kernelSize':4 | kernelSizes must be at most the image's height and width, got 4",
        "'stride':1 | 'stride':2 | hidden layer 1 has maps of 2x2x2, so its size must be 8, got 24",
        "'stride':1 | 'stride':0 | strides must be 1 or more, got 0",
        "'filters':2 | 'filters':3 | hidden layer 1 has maps of 3x3x4, so its size must be 36, got 24",
        "[1,3,4] | [1,3] | spec.imageShape must be [channels, height, width], got [1,3]",
        "[1,3,4] | [1,3.5,4] | spec.imageShape must be an integer, got 3.5",
        "'padding':'same' | 'padding':'full' | padding must be one of valid, same; got 'full'",
        "'spatialSparsity':true | 'spatialSparsity':1 | spec.spatialSparsity must be true or false, got 1",
        "~,'padding':'same'~ | ~~ | spec has no field 'padding'",
        "~'size':24~ | ~'size':12~ | hidden layer 1 has maps of 2x3x4, so its size must be 24, got 12",
      })
  void aDescriptionOfNoConvolutionIsRefused(String from, String to, String message)
      throws IOException {
    String json = SpecJson.write(CONVOLUTION);
    String damaged = json.replace(quoted(from), quoted(to));
    assertFalse(json.equals(damaged), json);
    assertRefused(file(CONVOLUTION, "4", damaged), quotedValue(message));
  }

  /** An older release would say that the file is damaged, and not that it is newer. */
  @ParameterizedTest
  @EnumSource(names = {"TANH", "RELU"})
  void version3IsOfOtherOutputs(Activation output) throws IOException {
    AutoencoderSpec spec =
        new AutoencoderSpec(DENSE.inputSize(), DENSE.hiddenLayers(), output, false, 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelFile.write(out, spec, new float[spec.layout().size()], Map.of());
    String text = out.toString(StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("\"formatVersion\":\"3\""), text);
    assertEquals(spec, read(out.toByteArray()).spec());
    assertRefused(
        file(spec, "2", SpecJson.write(spec)),
        "formatVersion 2 has the outputActivation linear or sigmoid, but the spec has "
            + output.paramName());
  }

  private static void assertRefused(byte[] file, String message) {
    CorruptModelException refused = assertThrows(CorruptModelException.class, () -> read(file));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }
}
