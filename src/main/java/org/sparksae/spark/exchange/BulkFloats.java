package org.sparksae.spark.exchange;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/** An array that travels in one piece; see {@link Bulk}. */
final class BulkFloats implements Externalizable {
  private static final long serialVersionUID = 1L;

  // Not transient: another serialiser than Java's takes the fields.
  private float[] values;

  /** To be filled by the one who reads it. */
  public BulkFloats() {}

  BulkFloats(float[] values) {
    this.values = values;
  }

  /** The array itself. */
  float[] values() {
    return values;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(values.length);
    Bulk.write(
        out,
        values.length,
        Float.BYTES,
        (buffer, from, count) -> buffer.asFloatBuffer().put(values, from, count));
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
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
