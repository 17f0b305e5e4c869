package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.Kryo;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Registers what this library sends through Kryo, for sessions that require it:
 *
 * <pre>{@code
 * spark.serializer                org.apache.spark.serializer.KryoSerializer
 * spark.kryo.registrationRequired true
 * spark.kryo.registrator          org.sparksae.spark.ml.SparseAutoencoderKryoRegistrator
 * }</pre>
 *
 * <p>Several registrators are separated by commas. Driver and executors must have the same ones, in
 * the same order.
 */
public final class SparseAutoencoderKryoRegistrator implements KryoRegistrator {
  /** By name, as each is its own package's affair. */
  private static final List<String> OURS =
      List.of(
          "org.sparksae.core.linalg.DenseRows",
          "org.sparksae.core.linalg.SparseRows",
          "org.sparksae.core.rows.RowBlock",
          "org.sparksae.spark.data.BlockReader$Part",
          "org.sparksae.spark.data.PackedPart",
          "org.sparksae.spark.exchange.BulkArray",
          "org.sparksae.spark.exchange.ResultArray",
          "org.sparksae.spark.exchange.RoundPart",
          "[Lorg.sparksae.spark.exchange.RoundPart;");

  /** For Spark. */
  public SparseAutoencoderKryoRegistrator() {}

  @Override
  public void registerClasses(Kryo kryo) {
    for (String name : OURS) {
      kryo.register(named(name));
    }
    kryo.register(double[][].class);
    kryo.register(byte[][].class);
    // What an RDD's collect() makes of Java objects.
    kryo.register(Object[].class);
    // In the schema of a file that has vectors: Spark's own list leaves out the first, and that of
    // Spark 3.5 the others.
    kryo.register(SQLDataTypes.VectorType().getClass());
    for (DataType part :
        List.of(
            DataTypes.ByteType, DataTypes.IntegerType, DataTypes.FloatType, DataTypes.DoubleType)) {
      kryo.register(part.getClass());
    }
    kryo.register(ArrayType.class);
  }

  private static Class<?> named(String name) {
    try {
      return Class.forName(name, false, SparseAutoencoderKryoRegistrator.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("the jar has no class " + name, e);
    }
  }
}
