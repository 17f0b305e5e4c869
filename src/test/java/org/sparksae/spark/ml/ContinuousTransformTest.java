package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.ForeachWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;

/** Continuous processing, whose tasks run without end. */
@ExtendWith(LocalSpark.class)
class ContinuousTransformTest {
  private static final int ROWS = 5;
  private static final int PATIENCE_S = 30;

  /** In local mode tasks run in this process. */
  private static final CountDownLatch ARRIVED = new CountDownLatch(ROWS);

  /** Counts rows as they come. */
  private static final class Counter extends ForeachWriter<Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean open(long partition, long epoch) {
      return true;
    }

    @Override
    public void process(Row row) {
      ARRIVED.countDown();
    }

    @Override
    public void close(Throwable error) {}
  }

  @Test
  void rowsAreGivenOnBeforeTheEpochEnds(@TempDir Path dir) throws Exception {
    Dataset<Row> stream =
        LocalSpark.session()
            .readStream()
            .format("rate")
            .option("numPartitions", 1)
            .option("rowsPerSecond", 10)
            .load()
            .selectExpr(
                "value",
                "array(float(value), 1f) as features",
                "struct('a' as a, value as b) as s");
    StreamingQuery query =
        Fixtures.handModel("hand")
            .transform(stream)
            .selectExpr("value", "s.b as b")
            .filter("b = value")
            .writeStream()
            .foreach(new Counter())
            .option("checkpointLocation", dir.toString())
            .trigger(Trigger.Continuous("1 hour"))
            .start();
    try {
      assertTrue(ARRIVED.await(PATIENCE_S, TimeUnit.SECONDS), ARRIVED.toString());
    } finally {
      query.stop();
    }
  }
}
