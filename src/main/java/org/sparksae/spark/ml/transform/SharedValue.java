package org.sparksae.spark.ml.transform;

import java.io.Serializable;
import java.lang.ref.WeakReference;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The broadcast that a model and its copies share. It is made when first needed, and again only in
 * another SparkContext.
 *
 * <p>Spark removes the broadcast when the models and DataFrames that use it are garbage-collected.
 *
 * @param <T> the value that was learned; it must not change
 */
public final class SharedValue<T> implements Serializable {
  private static final long serialVersionUID = 1L;

  private transient Broadcast<T> broadcast;
  private transient WeakReference<SparkContext> owner;

  /** Returns the broadcast of a value in a context; the value must be the same in each call. */
  public synchronized Broadcast<T> in(SparkContext context, T value) {
    if (owner == null || owner.get() != context) {
      broadcast = JavaSparkContext.fromSparkContext(context).broadcast(value);
      owner = new WeakReference<>(context);
    }
    return broadcast;
  }
}
