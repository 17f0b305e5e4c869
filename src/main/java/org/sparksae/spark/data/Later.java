package org.sparksae.spark.data;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * A value for tasks that rarely need it. It is serialised once, however many jobs send it, and a
 * task reads it back only when it asks for it.
 */
final class Later<T> implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);

  private transient T value;
  private byte[] bytes;

  Later(T value) {
    this.value = value;
  }

  @SuppressWarnings("unchecked") // The bytes are those of such a value.
  synchronized T get() {
    if (value == null) {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      value = (T) serializer().deserialize(ByteBuffer.wrap(bytes), loader, ANY);
    }
    return value;
  }

  private synchronized void writeObject(ObjectOutputStream out) throws IOException {
    if (bytes == null) {
      ByteBuffer serialised = serializer().serialize(value, ANY);
      bytes = new byte[serialised.remaining()];
      serialised.get(bytes);
    }
    out.defaultWriteObject();
  }

  /** The one that Spark has for tasks. */
  private static SerializerInstance serializer() {
    return SparkEnv.get().closureSerializer().newInstance();
  }
}
