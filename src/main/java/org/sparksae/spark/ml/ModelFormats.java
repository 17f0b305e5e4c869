package org.sparksae.spark.ml;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.SparkSession;
import org.sparksae.core.Text;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.format.foreign.ForeignFormat;
import org.sparksae.core.format.onnx.OnnxModel;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.spark.ml.file.HadoopFolder;
import org.sparksae.spark.ml.file.ModelReader;
import org.sparksae.spark.ml.param.LayerParams;
import org.sparksae.spark.ml.transform.OutputCode;

/**
 * Reads and writes model files of other libraries, on any Hadoop file system.
 *
 * <table>
 *   <caption>formats</caption>
 *   <tr><th>name</th><th>files of a folder</th><th>models</th></tr>
 *   <tr><td>saelens</td><td>cfg.json, sae_weights.safetensors</td>
 *       <td>standard, topk, abstopk, jumprelu, gated; transcoders, with a skip connection or not</td></tr>
 *   <tr><td>sparsify</td><td>cfg.json, sae.safetensors</td><td>topk, and transcoders</td></tr>
 *   <tr><td>onnx</td><td>model.onnx</td><td>all kinds, convolutional ones included; only written</td></tr>
 *   <tr><td>gemmaScope</td><td>params.npz</td><td>jumprelu; only read</td></tr>
 *   <tr><td>gemmaScope2</td><td>config.json, params.safetensors</td>
 *       <td>jumprelu, and transcoders; only read</td></tr>
 * </table>
 *
 * <p>A model computes the same on both sides, up to the rounding of sums in float32; a file does
 * not have {@code precision}. float16 and bfloat16 are read exactly, and float64 is rounded to
 * float32. A model that the other side cannot compute is refused, with the reason. Pickled files
 * are never opened.
 */
public final class ModelFormats {
  private static final String ONNX = "onnx";
  private static final String ONNX_FILE = "model.onnx";

  private ModelFormats() {}

  /**
   * Reads a model; the files of the folder tell the format.
   *
   * @see #read(String, String)
   */
  public static SparseAutoencoderModel read(String folder) {
    return read(folder, null);
  }

  /**
   * Reads a model. Set its {@code inputCol}, and of a transcoder {@code targetCol} where errors are
   * wanted.
   *
   * @param format its name, or null to tell it by the files
   * @throws IllegalArgumentException naming the folder and what is in the way, if it has no model
   *     of that format, the files are damaged, the driver has too little memory, or the model does
   *     what this library does not
   */
  public static SparseAutoencoderModel read(String folder, String format) {
    if (ONNX.equals(format)) {
      throw new IllegalArgumentException(
          "format onnx is only written: keep the model's own directory to go on with it");
    }
    ForeignFormat wanted = format == null ? null : ForeignFormat.parse(format);
    try {
      HadoopFolder files = new HadoopFolder(folder, hadoop());
      ForeignFormat.Imported imported =
          ForeignFormat.read(
              files, wanted, values -> ModelReader.requireMemory(folder, Float.BYTES * values));
      return model(imported);
    } catch (FileNotFoundException e) {
      throw refused(folder, "there is no such folder: ", e);
    } catch (CorruptModelException e) {
      throw refused(folder, "it is damaged: ", e);
    } catch (IllegalArgumentException e) {
      throw refused(folder, "", e);
    } catch (IOException e) {
      throw refused(folder, "it cannot be read: ", e);
    }
  }

  private static IllegalArgumentException refused(String folder, String why, Exception e) {
    return new IllegalArgumentException(
        Text.format("no model was read from %s: %s%s", folder, why, e.getMessage()), e);
  }

  private static SparseAutoencoderModel model(ForeignFormat.Imported imported) {
    String uid = Identifiable$.MODULE$.randomUID("sparseAutoencoder");
    SparseAutoencoderModel model =
        new SparseAutoencoderModel(uid, imported.spec(), imported.parameters());
    model.setShape(imported.spec());
    LayerParams.ofModel(model, imported.spec());
    return model;
  }

  /**
   * Writes a model to a new folder. What is written is what {@code transform} computes, so with
   * {@code encodeK} that is the k of the files. The file of format onnx has the code of {@code
   * outputCol}, pooled where that is, and the reconstruction.
   *
   * @param format saelens, sparsify or onnx
   * @param folder where to write; must not exist
   * @throws IllegalArgumentException naming the Param, if the format cannot say what the model
   *     computes; or the folder, if it exists
   * @throws UncheckedIOException if writing fails
   */
  public static void write(AutoencoderModel<?> model, String format, String folder) {
    ForeignFormat to = format.equals(ONNX) ? null : ForeignFormat.parse(format, ONNX);
    try {
      HadoopFolder files = new HadoopFolder(folder, hadoop());
      if (files.exists()) {
        throw new IllegalArgumentException(
            Text.format("%s exists already; name another folder, or remove it", folder));
      }
      if (to == null) {
        writeOnnx(model, files);
      } else {
        requireWholeCode(model);
        to.write(
            model.encodingSpec(),
            model.sharedParameters(),
            firingFrequencies(model),
            about(model),
            files);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the model to " + folder, e);
    }
  }

  private static void writeOnnx(AutoencoderModel<?> model, HadoopFolder files) throws IOException {
    OutputCode code = model.outputCode();
    OnnxModel.Output output =
        new OnnxModel.Output(code.layer(), model.getActivationThreshold(), code.pooling());
    AutoencoderSpec spec = model.decodingSpec();
    OnnxModel.require(spec);
    try (OutputStream out = files.create(ONNX_FILE)) {
      OnnxModel.write(out, spec, model.sharedParameters(), output, about(model));
    }
  }

  private static void requireWholeCode(AutoencoderModel<?> model) {
    if (model.getActivationThreshold() > 0) {
      throw new IllegalArgumentException(
          Text.format(
              "activationThreshold is %s, but other libraries keep smaller codes, too; set it to 0",
              model.getActivationThreshold()));
    }
  }

  /** Those of training, which are the model's own only if it still encodes as it was trained. */
  private static double[] firingFrequencies(AutoencoderModel<?> model) {
    return model.hasSummary() && !model.isDefined(model.encodeK())
        ? model.summary().firingFrequencies()
        : new double[0];
  }

  private static Map<String, String> about(AutoencoderModel<?> model) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("written_by", "spark-sparse-autoencoder");
    if (!model.preparation().isEmpty()) {
      about.put("preparation", model.preparation());
    }
    return about;
  }

  private static Configuration hadoop() {
    return SparkSession.active().sparkContext().hadoopConfiguration();
  }
}
