package org.sparksae.spark.ml.transform;

import java.io.Serializable;
import java.lang.ref.WeakReference;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * What a model and its copies learned, as executors receive it: broadcast when first needed, and
 * again only in another SparkContext.
 *
 * <p>Spark removes the broadcast when the models and the DataFrames that use it are collected.
 *
 * @param <T> what was learned; it must not change
 */
public final class SharedValue<T> implements Serializable {
  private static final long serialVersionUID = 1L;

  private transient Broadcast<T> broadcast;
  private transient WeakReference<SparkContext> owner;

  /** The broadcast of a value in a context; the value must be the same in each call. */
  public synchronized Broadcast<T> in(SparkContext context, T value) {
    if (owner == null || owner.get() != context) {
      broadcast = JavaSparkContext.fromSparkContext(context).broadcast(value);
      owner = new WeakReference<>(context);
    }
    return broadcast;
  }
}
