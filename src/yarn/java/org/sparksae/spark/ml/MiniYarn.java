package org.sparksae.spark.ml;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * A YARN with two node managers, in a JVM of its own: Hadoop's servers need other versions of what
 * Spark brings, too. Runs until its standard input ends, and so not longer than who started it.
 */
final class MiniYarn {
  private MiniYarn() {}

  /**
   * Starts it, and writes {@value YarnTest#SITE} into a directory when it is there.
   *
   * @param arguments the directory
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Configuration configuration = new Configuration();
    // A machine whose disk is nearly full, or that counts memory in its own way, runs the test, too.
    configuration.setInt(
        "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", 100);
    configuration.setBoolean("yarn.nodemanager.pmem-check-enabled", false);
    configuration.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
    configuration.set("yarn.scheduler.capacity.root.queues", "default");
    configuration.setInt("yarn.scheduler.capacity.root.default.capacity", 100);
    configuration.setFloat("yarn.scheduler.capacity.maximum-am-resource-percent", 0.5f);
    try (MiniYARNCluster cluster = new MiniYARNCluster("yarn", 2, 1, 1)) {
      cluster.init(configuration);
      cluster.start();
      if (!cluster.waitForNodeManagersToConnect(60_000)) {
        throw new IllegalStateException("the node managers have not come within 60 s");
      }
      Path written = Files.createTempFile(directory, "site", ".tmp");
      try (OutputStream file = Files.newOutputStream(written)) {
        cluster.getConfig().writeXml(file);
      }
      Files.move(written, directory.resolve(YarnTest.SITE));
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
