package org.sparksae.spark.job;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * The elements of each partition of an RDD.
 *
 * <p>The functions are classes, not lambdas, because Spark reads the bytecode of lambdas to clean
 * what they capture.
 */
final class CollectedParts<T> {
  private static final ClassTag<Object[]> ARRAY = ClassTag$.MODULE$.apply(Object[].class);

  private final Object[][] parts;

  CollectedParts(int partitions) {
    this.parts = new Object[partitions][];
  }

  /** Runs the job. */
  void collect(RDD<T> rdd) {
    rdd.context().runJob(rdd, new ToArray<>(), new Keep(parts), ARRAY);
  }

  /** Returns the elements in partition order. */
  @SuppressWarnings("unchecked") // The RDD has elements of this type.
  List<T> elements() {
    List<T> elements = new ArrayList<>();
    for (Object[] part : parts) {
      for (Object element : part) {
        elements.add((T) element);
      }
    }
    return elements;
  }

  /** Runs in each task. */
  private static final class ToArray<T>
      extends AbstractFunction2<TaskContext, Iterator<T>, Object[]> implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object[] apply(TaskContext task, Iterator<T> elements) {
      List<T> list = new ArrayList<>();
      while (elements.hasNext()) {
        list.add(elements.next());
      }
      return list.toArray();
    }
  }

  /** Runs on the driver, once for each partition. */
  private static final class Keep extends AbstractFunction2<Object, Object[], BoxedUnit> {
    private final Object[][] parts;

    Keep(Object[][] parts) {
      this.parts = parts;
    }

    @Override
    public BoxedUnit apply(Object partition, Object[] elements) {
      parts[(Integer) partition] = elements;
      return BoxedUnit.UNIT;
    }
  }
}
