package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.ml.feature.Vectorizer;
import org.sparksae.spark.ml.file.ParamsReader;
import org.sparksae.spark.ml.file.StageSerializer;
import org.sparksae.spark.ml.param.Rule;
import org.sparksae.spark.ml.param.VectorizerParams;
import org.sparksae.spark.ml.transform.Schemas;
import scala.collection.Seq;

/**
 * Turns each row of numbers into a Vector, for stages of MLlib that accept only Vectors and do not
 * name an invalid row, such as StandardScaler.
 *
 * <p>An array becomes a DenseVector. A Vector stays as it is, so a sparse one stays sparse. A row
 * is valid if it is not null, holds only finite numbers, and has {@link #size} values, if that is
 * set.
 */
@DefaultSerializer(StageSerializer.class)
public final class ArrayVectorizer extends Vectorizer<ArrayVectorizer> {
  private static final long serialVersionUID = 1L;
  private static final int ANY_SIZE = -1;

  /** A stage with a uid of its own. */
  public ArrayVectorizer() {
    this(Identifiable$.MODULE$.randomUID("arrayVectorizer"));
  }

  /** A stage with a given uid. */
  public ArrayVectorizer(String uid) {
    super(uid);
  }

  /** What to do with a row that is not valid: error (default), or skip, which leaves it out. */
  @Override
  public Param<String> handleInvalid() {
    return VectorizerParams.handleInvalid(
        paramSet(), "is null, has a value that is not finite, or has another size");
  }

  /** Number of values of a valid row, 1 or more. Not set: rows of any size are valid. */
  public IntParam size() {
    return paramSet()
        .integer("size", "number of values of a valid row; not set: any", Rule.atLeast(1));
  }

  /** The value of {@link #size()}. */
  public int getSize() {
    return (Integer) getOrDefault(size());
  }

  /** Sets {@link #size()}. */
  public ArrayVectorizer setSize(int value) {
    set(size(), value);
    return this;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType result = transformSchema(dataset.schema());
    boolean skip = skipsInvalid();
    ToVector toVector = new ToVector(getInputCol(), isDefined(size()) ? getSize() : ANY_SIZE, skip);
    Column vector =
        functions
            .udf(toVector, SQLDataTypes.VectorType())
            .apply(ColumnPath.of(dataset.schema(), "inputCol", getInputCol()).expression());
    String output = getOutputCol();
    Dataset<Row> made =
        dataset.withColumn(output, vector, result.apply(result.size() - 1).metadata());
    return skip ? made.filter(functions.col(FeatureColumn.quote(output)).isNotNull()) : made;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return Schemas.append(schema, this, sizeIfKnown(schema));
  }

  private int sizeIfKnown(StructType schema) {
    if (isDefined(size())) {
      return getSize();
    }
    String name = Schemas.inputCol(this, inputCol(), schema);
    return FeatureColumn.attributeSize(FeatureColumn.check(schema, "inputCol", name).field());
  }

  @Override
  public ArrayVectorizer copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write()} saved. */
  public static MLReader<ArrayVectorizer> read() {
    return new ParamsReader<>(ArrayVectorizer.class, ArrayVectorizer::new);
  }

  /** Loads a saved stage. */
  public static ArrayVectorizer load(String path) {
    return read().load(path);
  }

  /** A row as Spark gives it to a function: a Vector, a Seq of boxed numbers, or null. */
  private record ToVector(String column, int size, boolean skip) implements UDF1<Object, Vector> {

    /** Null for a row to leave out. */
    @Override
    public Vector call(Object row) {
      Vector vector = row instanceof Seq<?> numbers ? dense(numbers) : (Vector) row;
      String problem = vector == null ? "is null" : problem(vector, size);
      if (problem == null) {
        return vector;
      }
      if (skip) {
        return null;
      }
      throw new IllegalArgumentException(
          Text.format(
              "inputCol: a row of column '%s' %s; set handleInvalid to 'skip' to leave such rows out",
              column, problem));
    }

    /** A null becomes NaN, which is not valid either. */
    private static Vector dense(Seq<?> numbers) {
      double[] values = new double[numbers.length()];
      int next = 0;
      for (scala.collection.Iterator<?> i = numbers.iterator(); i.hasNext(); ) {
        Object number = i.next();
        values[next++] = number == null ? Double.NaN : ((Number) number).doubleValue();
      }
      return Vectors.dense(values);
    }

    private static String problem(Vector vector, int size) {
      if (size != ANY_SIZE && vector.size() != size) {
        return Text.format("has %d values, expected %d", vector.size(), size);
      }
      double[] values =
          vector instanceof DenseVector dense ? dense.values() : ((SparseVector) vector).values();
      for (int k = 0; k < values.length; k++) {
        if (!Double.isFinite(values[k])) {
          int index = vector instanceof SparseVector sparse ? sparse.indices()[k] : k;
          return Text.format("has a null or %s at index %d", values[k], index);
        }
      }
      return null;
    }
  }
}
