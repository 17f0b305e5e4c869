package org.sparksae.spark.exchange;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.collective.RankOrderCollective;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.train.TrainingState;
import org.sparksae.core.train.TrainingWorker;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * One worker of a round, as a task that runs at the same time as all others.
 *
 * <p>It joins the other workers, trains models with them, and returns the range of each model that
 * it owns, in the order of the models. If it fails, it tells the others at once, and the job ends.
 */
final class RoundTask extends AbstractFunction1<Iterator<RoundRows.Share>, Iterator<RoundPart>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<Model> models;
  private final double seconds;
  private final String round;
  private final int results;
  private final long timeoutMs;

  /**
   * A model at the start of a round.
   *
   * @param job settings of all workers
   * @param epochs number of epochs' ends at which the round ends, if not before
   * @param start progress and buffers, which all workers share
   */
  record Model(TrainingWorker.Job job, int epochs, RoundStart start, State state)
      implements Serializable {

    private TrainingWorker.Start of(int rank) {
      return TrainingWorker.Start.of(job, state.of(rank, start), epochs);
    }
  }

  /**
   * A model's arrays at the start of a round.
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
   * @param models the models, which visit the same batches
   * @param seconds duration after which the round ends
   * @param round name of the round, which nobody can guess
   * @param results number of the RDD whose blocks the results are to Spark
   * @param timeoutMs how long to wait for another worker, in milliseconds
   */
  RoundTask(List<Model> models, double seconds, String round, int results, long timeoutMs) {
    this.models = List.copyOf(models);
    this.seconds = seconds;
    this.round = round;
    this.results = results;
    this.timeoutMs = timeoutMs;
  }

  @Override
  public Iterator<RoundPart> apply(Iterator<RoundRows.Share> shares) {
    TaskContext context = TaskContext.get();
    Rendezvous.requireFirstAttempt(context);
    models.forEach(model -> KernelBackend.log(model.job().spec().precision()));
    RoundRows.Share share = shares.next();
    Membership membership = Rendezvous.join(context, round, timeoutMs);
    try (Team team = new Team(context.cpus())) {
      List<RoundPart> parts = train(share, new RankOrderCollective(membership.peers()), team);
      return CollectionConverters.asScala(parts.iterator());
    } catch (Throwable failure) {
      membership.fail(failure);
      throw failure;
    } finally {
      membership.close();
    }
  }

  private List<RoundPart> train(RoundRows.Share share, Collective collective, Team team) {
    List<TrainingWorker.Start> starts =
        models.stream().map(model -> model.of(collective.rank())).toList();
    TrainingWorker worker =
        new TrainingWorker(starts, share.training(), share.validation(), collective, team);
    List<TrainingWorker.End> ends = worker.run(seconds);
    // Wait until the others have read the last array that this worker published.
    collective.allReduceSum(new double[1]);
    List<RoundPart> parts = new ArrayList<>();
    for (TrainingWorker.End end : ends) {
      int place = parts.size() * collective.size() + collective.rank();
      parts.add(part(end, place, collective));
    }
    return parts;
  }

  /**
   * Returns this worker's part of a model.
   *
   * @param place the part's number among those of all models and workers
   */
  private RoundPart part(TrainingWorker.End end, int place, Collective collective) {
    if (end.divergence() != null) {
      return RoundPart.diverged(end.divergence().getMessage());
    }
    TrainingState state = end.state();
    int size = state.parameters().length;
    float[] own =
        Arrays.copyOfRange(state.parameters(), collective.from(size), collective.to(size));
    RoundStart reached =
        collective.rank() == 0 ? new RoundStart(state.progress(), state.buffers()) : null;
    return RoundPart.of(results, place, own, state.optimizer(), reached);
  }
}
