package org.sparksae.spark.exchange;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/** An array that travels in one piece; see {@link Bulk}. */
final class BulkDoubles implements Externalizable {
  private static final long serialVersionUID = 1L;

  // Not transient: another serialiser than Java's takes the fields.
  private double[] values;

  /** To be filled by the one who reads it. */
  public BulkDoubles() {}

  BulkDoubles(double[] values) {
    this.values = values;
  }

  /** The array itself. */
  double[] values() {
    return values;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(values.length);
    Bulk.write(
        out,
        values.length,
        Double.BYTES,
        (buffer, from, count) -> buffer.asDoubleBuffer().put(values, from, count));
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    values = new double[in.readInt()];
    Bulk.read(
        in,
        values.length,
        Double.BYTES,
        (buffer, from, count) -> buffer.asDoubleBuffer().get(values, from, count));
  }

  @Override
  public String toString() {
    return "doubles[" + values.length + "]";
  }
}
