package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import scala.reflect.ClassTag$;

/** Every stage goes where MLlib's go: into closures, broadcasts and object streams. */
@ExtendWith(LocalSpark.class)
class StageSerialisationTest {
  private static final String ALL = "org.sparksae.spark.ml.Subject#all";

  @ParameterizedTest
  @MethodSource(ALL)
  void aStageReadFromAnObjectStreamIsTheSame(Subject subject) throws Exception {
    assertSameStage(subject, javaCopy(subject.stage()));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aStageReadByKryoIsTheSame(Subject subject) {
    SerializerInstance kryo = new KryoSerializer(new SparkConf(false)).newInstance();
    ByteBuffer bytes = kryo.serialize(subject.stage(), ClassTag$.MODULE$.apply(Params.class));
    assertSameStage(subject, kryo.deserialize(bytes, ClassTag$.MODULE$.apply(Params.class)));
  }

  private static void assertSameStage(Subject subject, Params read) {
    Params stage = subject.stage();
    assertNotSame(stage, read);
    assertSame(stage.getClass(), read.getClass());
    assertEquals(stage.uid(), read.uid());
    assertEquals(Fixtures.values(stage), Fixtures.values(read));
    assertEquals(stage.getParam("outputCol"), read.getParam("outputCol"));
    if (stage instanceof Transformer) {
      assertEquals(subject.transformed(), new Subject(read, subject.rows()).transformed());
    }
    if (stage instanceof Evaluator evaluator) {
      assertEquals(evaluator.evaluate(subject.rows()), ((Evaluator) read).evaluate(subject.rows()));
    }
    read.set("outputCol", "other");
    assertEquals("code", stage.getOrDefault(stage.getParam("outputCol")));
  }

  @Test
  void aPipelineModelReadFromAnObjectStreamIsTheSame() throws Exception {
    Dataset<Row> frame = Subject.all().get(0).rows();
    PipelineStage[] stages = {
      new PatchScaling().setInputCol(TestFrames.FEATURES).setOutputCol("scaled"),
      Fixtures.estimator().setInputCol("scaled")
    };
    PipelineModel model = new Pipeline().setStages(stages).fit(frame);
    assertEquals(
        model.transform(frame).collectAsList(), javaCopy(model).transform(frame).collectAsList());
  }

  @Test
  void aModelGoesIntoAUdfAndIntoABroadcast() {
    SparseAutoencoderModel model = Fixtures.handModel("hand");
    Dataset<Row> frame = TestFrames.frame(new float[][] {{2, 3}, {0, 0}}, 2);
    Broadcast<SparseAutoencoderModel> broadcast =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext()).broadcast(model);
    UDF1<Object, Integer> inClosure = row -> model.codeSize();
    UDF1<Object, String> inBroadcast = row -> broadcast.value().getOutputCol();
    List<Row> rows =
        frame
            .select(
                functions
                    .udf(inClosure, DataTypes.IntegerType)
                    .apply(functions.col(TestFrames.FEATURES)),
                functions
                    .udf(inBroadcast, DataTypes.StringType)
                    .apply(functions.col(TestFrames.FEATURES)))
            .collectAsList();
    assertEquals(List.of(3, 3), rows.stream().map(row -> row.getInt(0)).toList());
    assertEquals(List.of("code", "code"), rows.stream().map(row -> row.getString(1)).toList());
  }

  @Test
  void theSummaryStaysBehindAsMllibsDoes() throws Exception {
    SparseAutoencoderModel model = (SparseAutoencoderModel) Subject.all().get(1).stage();
    assertTrue(model.hasSummary());
    assertFalse(javaCopy(model).hasSummary());
    assertTrue(model.copy(ParamMap.empty()).hasSummary());
  }

  @SuppressWarnings("unchecked") // What is read is of the class that was written.
  private static <T> T javaCopy(T object) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }
}
