package org.sparksae.examples.activations;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A BERT model in ONNX Runtime, with the value of one of its nodes as output.
 *
 * <p>ONNX Runtime is called by reflection: its jar has 100 MB and this class alone needs it, so it
 * is no dependency of the build. Not thread-safe.
 */
final class OnnxModel implements AutoCloseable {
  /** One for each process, because a native library may be loaded only once. */
  private static final Map<Path, ClassLoader> RUNTIMES = new LinkedHashMap<>();

  private final Class<?> tensorType;
  private final Object environment;
  private final Object session;
  private final String node;

  private OnnxModel(Class<?> tensorType, Object environment, Object session, String node) {
    this.tensorType = tensorType;
    this.environment = environment;
    this.session = session;
    this.node = node;
  }

  private static synchronized ClassLoader runtime(Path jar) throws MalformedURLException {
    ClassLoader loaded = RUNTIMES.get(jar);
    if (loaded == null) {
      loaded = new URLClassLoader(new URL[] {jar.toUri().toURL()});
      RUNTIMES.put(jar, loaded);
    }
    return loaded;
  }

  /**
   * Opens a model, which computes in one thread.
   *
   * @param runtime ONNX Runtime's jar
   * @param model the model's file
   * @param node whose value is wanted, [batch, tokens, size]
   */
  static OnnxModel open(Path runtime, byte[] model, String node)
      throws ReflectiveOperationException, MalformedURLException {
    ClassLoader loader = runtime(runtime);
    Class<?> environmentType = loader.loadClass("ai.onnxruntime.OrtEnvironment");
    Class<?> optionsType = loader.loadClass("ai.onnxruntime.OrtSession$SessionOptions");
    Object environment = environmentType.getMethod("getEnvironment").invoke(null);
    Object options = optionsType.getConstructor().newInstance();
    optionsType.getMethod("setIntraOpNumThreads", int.class).invoke(options, 1);
    Object session =
        environmentType
            .getMethod("createSession", byte[].class, optionsType)
            .invoke(environment, withOutput(model, node), options);
    return new OnnxModel(loader.loadClass("ai.onnxruntime.OnnxTensor"), environment, session, node);
  }

  /**
   * Adds an output to a model's graph. Protocol buffers that follow each other are merged, so a
   * model with nothing but a graph of one more output does it.
   */
  static byte[] withOutput(byte[] model, String node) {
    byte[] more =
        ModelProto.newBuilder()
            .setGraph(GraphProto.newBuilder().addOutput(ValueInfoProto.newBuilder().setName(node)))
            .build()
            .toByteArray();
    byte[] all = Arrays.copyOf(model, model.length + more.length);
    System.arraycopy(more, 0, all, model.length, more.length);
    return all;
  }

  /**
   * Returns the node's value for each token, [tokens][size].
   *
   * @param tokens numbers of the tokens, the first and last of which are the model's special ones
   */
  float[][] hidden(long[] tokens) throws ReflectiveOperationException {
    long[] ones = new long[tokens.length];
    Arrays.fill(ones, 1);
    Map<String, AutoCloseable> inputs = new LinkedHashMap<>();
    inputs.put("input_ids", tensor(tokens));
    inputs.put("attention_mask", tensor(ones));
    inputs.put("token_type_ids", tensor(new long[tokens.length]));
    Object result =
        session
            .getClass()
            .getMethod("run", Map.class, Set.class)
            .invoke(session, inputs, Set.of(node));
    try {
      Object output = result.getClass().getMethod("get", int.class).invoke(result, 0);
      return ((float[][][]) tensorType.getMethod("getValue").invoke(output))[0];
    } finally {
      close(result);
      for (AutoCloseable input : inputs.values()) {
        close(input);
      }
    }
  }

  private AutoCloseable tensor(long[] values) throws ReflectiveOperationException {
    return (AutoCloseable)
        tensorType
            .getMethod("createTensor", environment.getClass(), LongBuffer.class, long[].class)
            .invoke(null, environment, LongBuffer.wrap(values), new long[] {1, values.length});
  }

  private static void close(Object closeable) throws ReflectiveOperationException {
    closeable.getClass().getMethod("close").invoke(closeable);
  }

  @Override
  public void close() throws ReflectiveOperationException {
    close(session);
  }
}
