package org.sparksae.core.linalg.natives;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.sparksae.core.Text;

/**
 * Loads shared libraries through JNA and calls their functions.
 *
 * <p>A multithreaded BLAS must be set to one thread. Netlib cannot do that, and a JVM cannot change
 * its environment. JNA comes as a file in our jar and is loaded by its own class loader, so it does
 * not depend on, or conflict with, a JNA of the job.
 */
public final class SharedLibraries {
  /**
   * {@code RTLD_LAZY | RTLD_DEEPBIND} without {@code RTLD_GLOBAL}: other libraries do not see these
   * symbols, and this library finds its own symbols before those of a BLAS that was opened for the
   * whole process.
   */
  private static final int OPEN_FLAGS = 1 | 8;

  /** The result if a function does not exist. */
  private static final Object NONE = new Object();

  /** Keeps libraries loaded: JNA unloads a library that nothing references. */
  private static final Queue<Object> LOADED = new ConcurrentLinkedQueue<>();

  private final Method getInstance;
  private final Method getFunction;
  private final Method invoke;
  private final Method nativeValue;
  private final Method bufferPointer;
  private final Method getByteBuffer;
  private final Constructor<?> newPointer;

  private SharedLibraries(ClassLoader jna) throws ReflectiveOperationException {
    Class<?> library = jna.loadClass("com.sun.jna.NativeLibrary");
    Class<?> function = jna.loadClass("com.sun.jna.Function");
    getInstance = library.getMethod("getInstance", String.class, Map.class);
    getFunction = library.getMethod("getFunction", String.class);
    invoke = function.getMethod("invoke", Class.class, Object[].class);
    Class<?> pointer = jna.loadClass("com.sun.jna.Pointer");
    nativeValue = pointer.getMethod("nativeValue", pointer);
    getByteBuffer = pointer.getMethod("getByteBuffer", long.class, long.class);
    newPointer = pointer.getConstructor(long.class);
    // Loads JNA's own native library while the temporary properties are set.
    Class<?> calls = Class.forName("com.sun.jna.Native", true, jna);
    bufferPointer = calls.getMethod("getDirectBufferPointer", Buffer.class);
  }

  /**
   * Extracts JNA and starts it.
   *
   * @param parent where to extract it; see {@link Extraction#extract}
   * @throws UnavailableException if it does not start
   */
  public static SharedLibraries open(Path parent) throws UnavailableException {
    try (TemporaryProperties configuration = new TemporaryProperties()) {
      Path directory = Extraction.extract(NativeBundle.of("jna"), parent);
      configuration
          .set("jna.tmpdir", directory.toString())
          .set("jna.nounpack", null)
          .set("jna.noclasspath", null)
          .set("jna.boot.library.path", null)
          .set("jna.nosys", "true");
      URL jar = directory.resolve("jna.jar").toUri().toURL();
      // Never closed, since it is needed as long as its libraries are.
      @SuppressWarnings("resource")
      URLClassLoader jna =
          new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
      return new SharedLibraries(jna);
    } catch (IOException | ReflectiveOperationException | LinkageError | RuntimeException e) {
      throw new UnavailableException(UnavailableException.reason(e));
    }
  }

  /**
   * Loads a library permanently.
   *
   * @param library a path, or a name that the system's loader knows
   * @throws UnavailableException with the loader's reason if it does not load
   */
  public Library load(String library) throws UnavailableException {
    try {
      Object handle = getInstance.invoke(null, library, Map.of("open-flags", OPEN_FLAGS));
      LOADED.add(handle);
      return new Library(library, handle);
    } catch (InvocationTargetException | IllegalAccessException | LinkageError e) {
      throw new UnavailableException(UnavailableException.reason(e));
    }
  }

  /** Returns the address of a direct buffer's first byte. */
  public long address(ByteBuffer direct) {
    try {
      return (Long) nativeValue.invoke(null, bufferPointer.invoke(null, direct));
    } catch (InvocationTargetException | IllegalAccessException e) {
      throw new IllegalStateException(UnavailableException.reason(e), e);
    }
  }

  /** Returns {@code length} bytes at an address, which must stay valid as long as they are used. */
  public ByteBuffer bytes(long address, int length) {
    try {
      Object pointer = newPointer.newInstance(address);
      return ((ByteBuffer) getByteBuffer.invoke(pointer, 0L, (long) length))
          .order(ByteOrder.nativeOrder());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(UnavailableException.reason(e), e);
    }
  }

  /** A loaded library. */
  public final class Library {
    private final String name;
    private final Object handle;

    private Library(String name, Object handle) {
      this.name = name;
      this.handle = handle;
    }

    /**
     * Checks that a file in this process calls this library's function and not another of the same
     * name.
     *
     * @param function the function that the file's data must point to
     * @throws UnavailableException if the data does not point to it; never if the system does not
     *     show the data
     */
    public void requireCalledBy(Predicate<String> file, String function)
        throws UnavailableException {
      OptionalLong address = address(function);
      if (address.isEmpty() || !ProcessMemory.mayRefer(file, address.getAsLong())) {
        throw new UnavailableException(
            Text.format(
                "the calls of %s would not reach %s but another library of this JVM",
                function, name));
      }
    }

    private OptionalLong address(String function) {
      try {
        return OptionalLong.of(
            (Long) nativeValue.invoke(null, getFunction.invoke(handle, function)));
      } catch (InvocationTargetException | IllegalAccessException e) {
        return OptionalLong.empty();
      }
    }

    /** Calls {@code void function(int)}; false if there is no such function. */
    public boolean call(String function, int argument) {
      // Pass 64 bits: some libraries declare a long, and the others ignore the upper half.
      return invoke(function, void.class, (long) argument) != NONE;
    }

    /**
     * Calls a function of whole numbers and addresses, which returns one. If the function returns
     * an int, the upper half of the result means nothing.
     *
     * @throws IllegalStateException if there is no such function
     */
    public long callForLong(String function, long... arguments) {
      Object[] boxed = Arrays.stream(arguments).boxed().toArray();
      if (invoke(function, long.class, boxed) instanceof Long result) {
        return result;
      }
      throw new IllegalStateException(Text.format("%s has no function %s", name, function));
    }

    /** Calls {@code char *function(void)}; empty if there is no such function. */
    public Optional<String> text(String function) {
      return invoke(function, String.class) instanceof String text
          ? Optional.of(text.strip())
          : Optional.empty();
    }

    /** Calls {@code int function(void)}; empty if there is no such function. */
    public OptionalInt number(String function) {
      return invoke(function, int.class) instanceof Integer number
          ? OptionalInt.of(number)
          : OptionalInt.empty();
    }

    private Object invoke(String function, Class<?> type, Object... arguments) {
      try {
        return invoke.invoke(getFunction.invoke(handle, function), type, arguments);
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof VirtualMachineError error) {
          throw error;
        }
        return NONE;
      } catch (IllegalAccessException e) {
        return NONE;
      }
    }
  }
}
