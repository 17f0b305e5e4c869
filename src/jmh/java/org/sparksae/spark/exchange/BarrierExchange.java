package org.sparksae.spark.exchange;

import java.io.Serializable;
import java.util.List;
import java.util.UUID;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.sparksae.core.collective.RankOrderCollective;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/** Exchanges of two executors, which meet as in a training. */
final class BarrierExchange extends AbstractFunction1<Iterator<Integer>, Iterator<Double>>
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long TIMEOUT_MS = 60_000;

  private final String round = UUID.randomUUID().toString();
  private final int floats;
  private final boolean quick;

  private BarrierExchange(int floats, boolean quick) {
    this.floats = floats;
    this.quick = quick;
  }

  /** Median seconds of an exchange of so many floats. */
  static double median(JavaSparkContext context, int floats, boolean quick) {
    WorkerPlan.awaitSlots(context.sc(), 2);
    ClassTag<Double> tag = ClassTag$.MODULE$.apply(Double.class);
    RDD<Double> medians =
        context
            .parallelize(List.of(0, 1), 2)
            .rdd()
            .barrier()
            .mapPartitions(new BarrierExchange(floats, quick), false, tag);
    return JavaRDD.fromRDD(medians, tag).collect().get(0);
  }

  @Override
  public Iterator<Double> apply(Iterator<Integer> none) {
    try (Membership membership = Rendezvous.join(BarrierTaskContext.get(), round, TIMEOUT_MS)) {
      double median =
          ExchangeSpeed.median(new RankOrderCollective(membership.peers()), floats, quick);
      return CollectionConverters.asScala(List.of(median).iterator());
    }
  }
}
