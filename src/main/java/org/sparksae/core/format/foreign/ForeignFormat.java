package org.sparksae.core.format.foreign;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;

/** The libraries whose model files can be read, and which of them can be written. */
public enum ForeignFormat {
  /** A folder of SAELens 6: {@code cfg.json} and {@code sae_weights.safetensors}. */
  SAELENS("saelens", List.of(SaeLens.CONFIG, SaeLens.WEIGHTS)) {
    @Override
    Latents read(Folder folder, LongConsumer allow) throws IOException {
      return SaeLens.read(folder, allow);
    }

    @Override
    void write(
        Latents latents, double[] firingFrequencies, Map<String, String> about, FileMaker files)
        throws IOException {
      SaeLens.write(latents, about, files);
      if (firingFrequencies.length > 0) {
        SaeLens.writeSparsity(firingFrequencies, files);
      }
    }
  },

  /** A folder of EleutherAI's sparsify: {@code cfg.json} and {@code sae.safetensors}. */
  SPARSIFY("sparsify", List.of(Sparsify.CONFIG, Sparsify.WEIGHTS)) {
    @Override
    Latents read(Folder folder, LongConsumer allow) throws IOException {
      return Sparsify.read(folder, allow);
    }

    @Override
    void write(
        Latents latents, double[] firingFrequencies, Map<String, String> about, FileMaker files)
        throws IOException {
      Sparsify.write(latents, files);
    }
  },

  /** Gemma Scope's {@code params.npz}; only read. */
  GEMMA_SCOPE("gemmaScope", List.of(GemmaScope.ARCHIVE)) {
    @Override
    Latents read(Folder folder, LongConsumer allow) throws IOException {
      return GemmaScope.readArchive(folder, allow);
    }
  },

  /** Gemma Scope 2's {@code config.json} and {@code params.safetensors}; only read. */
  GEMMA_SCOPE_2("gemmaScope2", List.of(GemmaScope.CONFIG, GemmaScope.WEIGHTS)) {
    @Override
    Latents read(Folder folder, LongConsumer allow) throws IOException {
      return GemmaScope.readFolder(folder, allow);
    }
  };

  /** What pickled models are called. */
  private static final List<String> PICKLES = List.of(".pt", ".pth", ".pkl", ".pickle", ".bin");

  private final String paramName;
  private final List<String> files;

  ForeignFormat(String paramName, List<String> files) {
    this.paramName = paramName;
    this.files = files;
  }

  /**
   * A model that was read.
   *
   * @param parameters flat, as the spec's layout has them
   */
  public record Imported(AutoencoderSpec spec, float[] parameters) {}

  /** Returns the name used in commands. */
  public String paramName() {
    return paramName;
  }

  private boolean isWritten() {
    return this == SAELENS || this == SPARSIFY;
  }

  abstract Latents read(Folder folder, LongConsumer allow) throws IOException;

  void write(
      Latents latents, double[] firingFrequencies, Map<String, String> about, FileMaker files)
      throws IOException {
    throw new IllegalArgumentException(
        Text.format(
            "format %s is only read; models are written as %s",
            paramName, names(ForeignFormat::isWritten)));
  }

  /**
   * Reads a model.
   *
   * @param folder its files
   * @param format whose files they are, or null to recognise it by their names
   * @param allow is told the number of values of the model before memory is allocated for them;
   *     what it throws ends the reading
   * @throws org.sparksae.core.format.CorruptModelException if a file is damaged, or files do not
   *     fit together
   * @throws IllegalArgumentException if the folder is of no known kind, or this library cannot
   *     compute what the model does; the message names the file and what is in the way
   */
  public static Imported read(Folder folder, ForeignFormat format, LongConsumer allow)
      throws IOException {
    ForeignFormat of = format == null ? recognise(folder.names()) : format;
    requireFiles(folder.names(), of);
    Latents latents = of.read(folder, allow);
    return new Imported(latents.spec(), latents.parameters());
  }

  /**
   * Writes a model.
   *
   * @param spec the model as it encodes
   * @param parameters flat, as the spec's layout has them
   * @param firingFrequencies share of rows for which each unit is active, [units]; empty if that is
   *     not known
   * @param about what else there is to say of the model, where a format has room for it
   * @throws IllegalArgumentException if the format cannot say what the model computes; the message
   *     names the Param
   */
  public void write(
      AutoencoderSpec spec,
      float[] parameters,
      double[] firingFrequencies,
      Map<String, String> about,
      FileMaker files)
      throws IOException {
    write(Latents.of(spec, parameters), firingFrequencies, about, files);
  }

  private static ForeignFormat recognise(List<String> names) {
    List<ForeignFormat> found =
        Arrays.stream(values()).filter(format -> names.containsAll(format.files)).toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    if (found.size() > 1) {
      throw new IllegalArgumentException(
          Text.format(
              "the folder has the files of %s; name the format of one of them",
              found.stream().map(ForeignFormat::paramName).collect(Collectors.joining(" and "))));
    }
    boolean pickled = names.stream().anyMatch(ForeignFormat::isPickle);
    throw new IllegalArgumentException(
        Text.format(
            "the folder is no model: it must have %s%s",
            Arrays.stream(values())
                .map(format -> String.join(" and ", format.files))
                .collect(Collectors.joining(", or ")),
            pickled
                ? "; pickled files are never opened, since that runs what they say: save the model"
                    + " as safetensors"
                : ""));
  }

  private static boolean isPickle(String name) {
    return PICKLES.stream().anyMatch(name::endsWith);
  }

  private static void requireFiles(List<String> names, ForeignFormat format) {
    if (!names.containsAll(format.files)) {
      throw new IllegalArgumentException(
          Text.format(
              "a folder of %s must have %s", format.paramName, String.join(" and ", format.files)));
    }
  }

  /**
   * Returns the format with a name.
   *
   * @param others valid names that are not of this kind, for the message
   * @throws IllegalArgumentException if there is none; the message lists the valid names
   */
  public static ForeignFormat parse(String name, String... others) {
    return Arrays.stream(values())
        .filter(format -> format.paramName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    Text.format(
                        "format must be one of %s; got '%s'",
                        String.join(
                            ", ",
                            Stream.concat(Stream.of(names(format -> true)), Arrays.stream(others))
                                .toList()),
                        name)));
  }

  private static String names(Predicate<ForeignFormat> which) {
    return Arrays.stream(values())
        .filter(which)
        .map(ForeignFormat::paramName)
        .collect(Collectors.joining(", "));
  }
}
