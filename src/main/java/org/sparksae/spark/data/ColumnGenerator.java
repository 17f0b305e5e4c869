package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Generator;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Enumeration;
import scala.collection.IterableOnce;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * Adds the columns of a {@link PartitionMap} as a Spark generator, a function that makes rows from
 * a row. Spark therefore knows which columns it reads, and can push filters below it.
 *
 * <p>A {@link PartitionStrategy} replaces it by an operator over many rows. A session without the
 * strategy runs it row by row: the columns are the same, but each row needs products of its own.
 */
public final class ColumnGenerator extends Expression
    implements Generator, CodegenFallback, Serializable {
  private static final long serialVersionUID = 1L;

  private final PartitionMap map;
  private final StructType added;
  private final Seq<Expression> inputs;
  private transient RowByRow rows;

  /**
   * A generator. Spark copies expressions through this constructor, so it is public and has one
   * parameter for each element of the product.
   *
   * @param added the columns
   * @param inputs what the map reads
   */
  public ColumnGenerator(PartitionMap map, StructType added, Seq<Expression> inputs) {
    this.map = map;
    this.added = added;
    this.inputs = inputs;
  }

  PartitionMap map() {
    return map;
  }

  @Override
  public Seq<Expression> children() {
    return inputs;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
    return new ColumnGenerator(map, added, children);
  }

  @Override
  public StructType elementSchema() {
    return added;
  }

  @Override
  public DataType dataType() {
    return Generator.super.dataType();
  }

  @Override
  public boolean nullable() {
    return Generator.super.nullable();
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return CodegenFallback.super.doGenCode(context, code);
  }

  @Override
  public IterableOnce<InternalRow> eval(InternalRow row) {
    if (rows == null) {
      rows = new RowByRow();
    }
    return CatalystRows.seq(rows.apply(row));
  }

  @Override
  public Seq<Enumeration.Value> nodePatterns() {
    return CatalystRows.seq(List.of(TreePattern.GENERATOR()));
  }

  @Override
  public void org$apache$spark$sql$catalyst$expressions$Generator$_setter_$nodePatterns_$eq(
      Seq<Enumeration.Value> patterns) {
    // Only the trait's initialiser calls this, and it does not run for a Java class.
  }

  @Override
  public int productArity() {
    return 3;
  }

  @Override
  public Object productElement(int index) {
    return List.of(map, added, inputs).get(index);
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof ColumnGenerator;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ColumnGenerator columns
        && columns.map.equals(map)
        && columns.added.equals(added)
        && columns.inputs.equals(inputs);
  }

  @Override
  public int hashCode() {
    return Objects.hash(map, added, inputs);
  }

  @Override
  public String toString() {
    return map + inputs.mkString("(", ", ", ")");
  }

  /** Passes a map one row at a time, and takes the added columns from the rows that it returns. */
  private final class RowByRow implements Iterator<InternalRow> {
    private final List<Expression> read = CatalystRows.list(inputs);
    private final Iterator<InternalRow> mapped = map.apply(this, columns(), ordinals());
    private InternalRow next;

    private StructType columns() {
      return new StructType(
          read.stream()
              .map(e -> new StructField("input", e.dataType(), e.nullable(), Metadata.empty()))
              .toArray(StructField[]::new));
    }

    private int[] ordinals() {
      return IntStream.range(0, read.size()).toArray();
    }

    List<InternalRow> apply(InternalRow row) {
      next = new GenericInternalRow(read.stream().map(e -> e.eval(row)).toArray());
      List<InternalRow> result = new ArrayList<>(1);
      while (mapped.hasNext()) {
        result.add(addedTo(mapped.next()));
      }
      return result;
    }

    private InternalRow addedTo(InternalRow row) {
      StructField[] fields = added.fields();
      return new GenericInternalRow(
          IntStream.range(0, fields.length)
              .mapToObj(i -> row.get(read.size() + i, fields[i].dataType()))
              .toArray());
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public InternalRow next() {
      InternalRow row = next;
      next = null;
      return row;
    }
  }
}
