package org.sparksae.spark.data;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * A part on its way through a shuffle, in short arrays.
 *
 * <p>A shuffle that sorts holds as many objects as it thinks its memory has room for. An array of
 * half a region of the G1 collector or more occupies whole regions, up to twice its size, which
 * Spark does not count. So rows of a thousand columns would exhaust a heap of 1 GB before Spark
 * begins to spill them.
 */
final class PackedPart implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Bytes of an array: far below half of G1's smallest region of 1 MB. */
  static final int CHUNK_BYTES = 1 << 16;

  private final byte[][] chunks;

  private PackedPart(byte[][] chunks) {
    this.chunks = chunks;
  }

  /** Packs a part. */
  static PackedPart of(BlockReader.Part part) {
    Chunks chunks = new Chunks();
    try (SerializationStream stream =
        SparkEnv.get().serializer().newInstance().serializeStream(chunks)) {
      stream.writeObject(part, tag());
    }
    return new PackedPart(chunks.all());
  }

  /** Returns the part. */
  BlockReader.Part unpack() {
    List<InputStream> streams = new ArrayList<>(chunks.length);
    for (byte[] chunk : chunks) {
      streams.add(new ByteArrayInputStream(chunk));
    }
    InputStream bytes = new SequenceInputStream(Collections.enumeration(streams));
    try (DeserializationStream stream =
        SparkEnv.get().serializer().newInstance().deserializeStream(bytes)) {
      return stream.readObject(tag());
    }
  }

  /** Returns the length of the longest array. */
  int longest() {
    return Arrays.stream(chunks).mapToInt(chunk -> chunk.length).max().orElse(0);
  }

  private static ClassTag<BlockReader.Part> tag() {
    return ClassTag$.MODULE$.apply(BlockReader.Part.class);
  }

  /** Bytes that are written to one short array after another. */
  private static final class Chunks extends OutputStream {
    private final List<byte[]> full = new ArrayList<>();
    private byte[] last = new byte[CHUNK_BYTES];
    private int used;

    @Override
    public void write(int value) {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      for (int done = 0; done < length; ) {
        if (used == last.length) {
          full.add(last);
          last = new byte[CHUNK_BYTES];
          used = 0;
        }
        int count = Math.min(length - done, last.length - used);
        System.arraycopy(bytes, offset + done, last, used, count);
        used += count;
        done += count;
      }
    }

    byte[][] all() {
      full.add(Arrays.copyOf(last, used));
      return full.toArray(byte[][]::new);
    }
  }
}
