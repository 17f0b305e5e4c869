package org.sparksae.spark.exchange;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.TaskContext;
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
final class ExecutorExchange extends AbstractFunction1<Iterator<Integer>, Iterator<Double>>
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int EXECUTORS = 2;
  private static final long TIMEOUT_MS = 60_000;

  private final String round;
  private final int floats;
  private final boolean quick;

  private ExecutorExchange(String round, int floats, boolean quick) {
    this.round = round;
    this.floats = floats;
    this.quick = quick;
  }

  /** Median seconds of an exchange of so many floats. */
  static double median(JavaSparkContext context, int floats, boolean quick) {
    WorkerSlots.await(context.sc(), EXECUTORS);
    ClassTag<Double> tag = ClassTag$.MODULE$.apply(Double.class);
    try (Meeting meeting = Meeting.open(EXECUTORS)) {
      RDD<Double> medians =
          context
              .parallelize(List.of(0, 1), EXECUTORS)
              .rdd()
              .mapPartitions(new ExecutorExchange(meeting.round(), floats, quick), false, tag);
      return JavaRDD.fromRDD(medians, tag).collect().get(0);
    }
  }

  @Override
  public Iterator<Double> apply(Iterator<Integer> none) {
    try (Membership membership = Rendezvous.join(TaskContext.get(), round, TIMEOUT_MS)) {
      double median =
          ExchangeSpeed.median(new RankOrderCollective(membership.peers()), floats, quick);
      return CollectionConverters.asScala(List.of(median).iterator());
    }
  }
}
