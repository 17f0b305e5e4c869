package org.sparksae.spark.exchange;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.ByteBuffer;

/**
 * An array of floats or doubles that is serialised in chunks.
 *
 * <p>Java's serialisation writes an array element by element, which takes longer than sending or
 * summing it.
 */
final class BulkArray implements Externalizable {
  private static final long serialVersionUID = 1L;
  private static final int CHUNK_BYTES = 1 << 16;

  // One of the two is null. They are not transient, because Kryo serialises the fields.
  private float[] floats;
  private double[] doubles;

  /** Makes an empty array, which {@link #readExternal} fills. */
  public BulkArray() {}

  BulkArray(float[] floats) {
    this.floats = floats;
  }

  BulkArray(double[] doubles) {
    this.doubles = doubles;
  }

  /** Returns the array, not copied; null if it has doubles. */
  float[] floats() {
    return floats;
  }

  /** Returns the array, not copied; null if it has floats. */
  double[] doubles() {
    return doubles;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeBoolean(floats != null);
    out.writeInt(length());
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    for (int from = 0; from < length(); from += chunkLength()) {
      int count = Math.min(chunkLength(), length() - from);
      if (floats != null) {
        chunk.asFloatBuffer().put(floats, from, count);
      } else {
        chunk.asDoubleBuffer().put(doubles, from, count);
      }
      out.write(chunk.array(), 0, count * elementBytes());
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    boolean single = in.readBoolean();
    int length = in.readInt();
    floats = single ? new float[length] : null;
    doubles = single ? null : new double[length];
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    for (int from = 0; from < length; from += chunkLength()) {
      int count = Math.min(chunkLength(), length - from);
      in.readFully(chunk.array(), 0, count * elementBytes());
      if (single) {
        chunk.asFloatBuffer().get(floats, from, count);
      } else {
        chunk.asDoubleBuffer().get(doubles, from, count);
      }
    }
  }

  private int length() {
    return floats != null ? floats.length : doubles.length;
  }

  private int elementBytes() {
    return floats != null ? Float.BYTES : Double.BYTES;
  }

  private int chunkLength() {
    return CHUNK_BYTES / elementBytes();
  }

  @Override
  public String toString() {
    return (floats != null ? "floats[" : "doubles[") + length() + "]";
  }
}
