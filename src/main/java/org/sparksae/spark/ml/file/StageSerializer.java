package org.sparksae.spark.ml.file;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import org.apache.spark.SparkConf;
import org.apache.spark.ml.param.Params;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Makes Kryo write a stage with Java's serialisation. Kryo 4 cannot read the records and JDK lists
 * that stages contain, and its own serializer of this kind does not know {@code int}.
 */
public final class StageSerializer extends Serializer<Params> {
  private static final ClassTag<Params> TAG = ClassTag$.MODULE$.apply(Params.class);

  @Override
  public void write(Kryo kryo, Output output, Params stage) {
    ByteBuffer bytes = java().serialize(stage, TAG);
    output.writeInt(bytes.remaining());
    output.writeBytes(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  @Override
  public Params read(Kryo kryo, Input input, Class<Params> type) {
    ByteBuffer bytes = ByteBuffer.wrap(input.readBytes(input.readInt()));
    return java().deserialize(bytes, kryo.getClassLoader(), TAG);
  }

  private static SerializerInstance java() {
    return new JavaSerializer(new SparkConf(false)).newInstance();
  }
}
