package org.sparksae.spark.exchange.net;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.util.TransportConf;
import scala.Option;

/**
 * Makes the settings of Spark's transport. It uses reflection, because one jar serves several
 * versions: Spark 4 has TLS between its processes and takes its settings as an additional argument;
 * Spark 3.5 has neither.
 */
final class TransportSettings {
  private static final String FACTORY = "fromSparkConf";

  private TransportSettings() {}

  /**
   * Reads settings with the prefix {@code spark.<module>.io.}, with TLS if the application uses it.
   *
   * @param threads default number of threads for each direction
   */
  static TransportConf of(SparkConf conf, SecurityManager security, String module, int threads) {
    List<Object> arguments = new ArrayList<>(List.of(conf, module, threads, Option.empty()));
    try {
      Method factory = factory();
      if (factory.getParameterCount() > arguments.size()) {
        arguments.add(
            Option.apply(SecurityManager.class.getMethod("getRpcSSLOptions").invoke(security)));
      }
      return (TransportConf) factory.invoke(null, arguments.toArray());
    } catch (InvocationTargetException failed) {
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failed.getCause());
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException("this version of Spark has another transport", missing);
    }
  }

  private static Method factory() throws NoSuchMethodException {
    for (Method method : SparkTransportConf.class.getMethods()) {
      if (method.getName().equals(FACTORY)) {
        return method;
      }
    }
    throw new NoSuchMethodException(SparkTransportConf.class.getName() + "." + FACTORY);
  }
}
