package org.sparksae.spark.exchange;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/** An array that travels in one piece; see {@link Bulk}. */
final class BulkFloats implements Serializable {
  private static final long serialVersionUID = 1L;

  // Not transient: another serialiser than Java's takes the fields.
  private float[] values;

  BulkFloats(float[] values) {
    this.values = values;
  }

  /** The array itself. */
  float[] values() {
    return values;
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.writeInt(values.length);
    Bulk.write(
        out,
        values.length,
        Float.BYTES,
        (buffer, from, count) -> buffer.asFloatBuffer().put(values, from, count));
  }

  private void readObject(ObjectInputStream in) throws IOException {
    values = new float[in.readInt()];
    Bulk.read(
        in,
        values.length,
        Float.BYTES,
        (buffer, from, count) -> buffer.asFloatBuffer().get(values, from, count));
  }

  @Override
  public String toString() {
    return "floats[" + values.length + "]";
  }
}
