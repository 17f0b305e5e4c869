package org.sparksae.spark.exchange;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.collective.RankOrderCollective;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.train.DivergedException;
import org.sparksae.core.train.TrainingState;
import org.sparksae.core.train.TrainingWorker;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * One worker of a round, as a task of a barrier stage.
 *
 * <p>It joins the other workers, trains with them, and returns the range that it owns. If it fails,
 * it tells the others at once, and Spark ends the stage.
 */
final class RoundTask extends AbstractFunction1<Iterator<RoundRows.Share>, Iterator<RoundPart>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Plan plan;
  private final int epochs;
  private final double seconds;
  private final String round;
  private final int results;
  private final RoundStart start;
  private final State state;

  /**
   * The settings that are the same in all rounds of a training.
   *
   * @param job settings of all workers
   * @param timeoutMs how long to wait for another worker, in milliseconds
   */
  record Plan(TrainingWorker.Job job, long timeoutMs) implements Serializable {}

  /**
   * The arrays at the start of a round.
   *
   * @param parameters flat parameters
   * @param steps number of steps of Adam so far
   * @param firstMoments Adam's first moments of each worker's range
   * @param secondMoments Adam's second moments of each worker's range
   */
  record State(
      Broadcast<BulkArray> parameters,
      int steps,
      List<Broadcast<BulkArray>> firstMoments,
      List<Broadcast<BulkArray>> secondMoments)
      implements Serializable {

    /** Returns the state of a worker at the start of the round. */
    TrainingState of(int rank, RoundStart start) {
      Adam.State optimizer =
          new Adam.State(
              steps,
              firstMoments.get(rank).value().floats(),
              secondMoments.get(rank).value().floats());
      return new TrainingState(
          parameters.value().floats(), optimizer, start.buffers(), start.progress());
    }
  }

  /**
   * A round.
   *
   * @param epochs largest number of epochs' ends
   * @param seconds duration after which the round ends
   * @param round name of the round, which nobody can guess
   * @param results number of the RDD whose blocks the results are to Spark
   * @param start progress and buffers, which all workers share
   */
  RoundTask(
      Plan plan,
      int epochs,
      double seconds,
      String round,
      int results,
      RoundStart start,
      State state) {
    this.plan = plan;
    this.epochs = epochs;
    this.seconds = seconds;
    this.round = round;
    this.results = results;
    this.start = start;
    this.state = state;
  }

  @Override
  public Iterator<RoundPart> apply(Iterator<RoundRows.Share> shares) {
    BarrierTaskContext context = BarrierTaskContext.get();
    KernelBackend.log();
    RoundRows.Share share = shares.next();
    Membership membership = Rendezvous.join(context, round, plan.timeoutMs());
    try (Team team = new Team(context.cpus())) {
      RoundPart part = train(share, new RankOrderCollective(membership.peers()), team);
      return CollectionConverters.asScala(List.of(part).iterator());
    } catch (Throwable failure) {
      membership.fail(failure);
      throw failure;
    } finally {
      membership.close();
    }
  }

  private RoundPart train(RoundRows.Share share, Collective collective, Team team) {
    int rank = collective.rank();
    TrainingWorker worker =
        new TrainingWorker(
            plan.job(),
            state.of(rank, start),
            share.training(),
            share.validation(),
            collective,
            team);
    try {
      TrainingState end = worker.run(epochs, seconds);
      int size = end.parameters().length;
      float[] own =
          Arrays.copyOfRange(end.parameters(), collective.from(size), collective.to(size));
      // Wait until the others have read the last array that this worker published.
      collective.allReduceSum(new double[1]);
      RoundStart reached = rank == 0 ? new RoundStart(end.progress(), end.buffers()) : null;
      return RoundPart.of(results, rank, own, end.optimizer(), reached);
    } catch (DivergedException diverged) {
      return RoundPart.diverged(diverged.getMessage());
    }
  }
}
