package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

@ExtendWith(LocalSpark.class)
class RowSourceTest {

  /** A step of a DataFrame's plan that counts how often it is written and read. */
  private static final class Step implements Function<Row, Row> {
    private static final long serialVersionUID = 1L;
    private static final AtomicInteger WRITTEN = new AtomicInteger();
    private static final AtomicInteger READ = new AtomicInteger();

    @Override
    public Row call(Row row) {
      return row;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      WRITTEN.incrementAndGet();
      out.defaultWriteObject();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      READ.incrementAndGet();
    }
  }

  @Test
  void jobsSerialiseThePlanNoMoreAndTasksReadItOnlyWithoutAFile() {
    Dataset<Row> given = TestFrames.frame(TestFrames.rows(20, 3, 1), 2);
    Dataset<Row> frame =
        LocalSpark.session().createDataFrame(given.toJavaRDD().map(new Step()), given.schema());
    FeatureColumn column = FeatureColumn.ofSize("features", 3);
    try (RowStore store = RowStore.read(frame, FeatureColumns.of(column), "", 5, false, 0)) {
      int written = Step.WRITTEN.get();
      int read = Step.READ.get();
      int blocks = Stored.blocks(store).collect().size();
      assertEquals(read, Step.READ.get());
      Stored.loseFiles();
      assertEquals(blocks, Stored.blocks(store).collect().size());
      assertEquals(read + store.partitions(), Step.READ.get());
      assertEquals(written, Step.WRITTEN.get());
    }
  }
}
