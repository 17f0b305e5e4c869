package org.sparksae.spark.exchange;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/** An array that travels in one piece; see {@link Bulk}. */
final class BulkDoubles implements Serializable {
  private static final long serialVersionUID = 1L;

  // Not transient: another serialiser than Java's takes the fields.
  private double[] values;

  BulkDoubles(double[] values) {
    this.values = values;
  }

  /** The array itself. */
  double[] values() {
    return values;
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.writeInt(values.length);
    Bulk.write(
        out,
        values.length,
        Double.BYTES,
        (buffer, from, count) -> buffer.asDoubleBuffer().put(values, from, count));
  }

  private void readObject(ObjectInputStream in) throws IOException {
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
