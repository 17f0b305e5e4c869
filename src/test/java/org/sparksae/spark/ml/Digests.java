package org.sparksae.spark.ml;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Digests of what a fit gives, by which two JVMs compare bits: the first 8 bytes of SHA-256. */
final class Digests {
  private static final int LENGTH = 8;

  private Digests() {}

  static String of(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    bytes.asFloatBuffer().put(values);
    return of(bytes.array());
  }

  static String of(double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length);
    bytes.asDoubleBuffer().put(values);
    return of(bytes.array());
  }

  static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The objectives of all iterations of all stages. */
  static String ofObjectives(List<TrainingStage> stages) {
    return of(
        stages.stream()
            .flatMapToDouble(stage -> Arrays.stream(stage.objectiveHistory()))
            .toArray());
  }

  private static String of(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
