package org.sparksae.cli.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.sparksae.core.Text;
import org.sparksae.spark.data.HadoopPaths;

/**
 * Reads job files, which are HOCON on the local disk or on any Hadoop file system.
 *
 * <p>A path without a scheme names a local file if there is one (in YARN's cluster mode, a file
 * sent by {@code --files}), and otherwise a file on Hadoop's default file system.
 */
public final class JobFile {
  /** How messages name the origin of a setting. */
  private static final String SETTING = "--set";

  private JobFile() {}

  /**
   * Reads a job file.
   *
   * @param settings {@code key=value} texts that override the file; a value that starts with one of
   *     <code>[ { "</code> is parsed as HOCON, any other is plain text
   * @throws IllegalArgumentException if there is no such file, it is not UTF-8, or a setting lacks
   *     its key or value
   * @throws com.typesafe.config.ConfigException if the file is not HOCON
   */
  public static Section read(String path, List<String> settings) throws IOException {
    Config config = new File(path).isFile() ? ofLocal(new File(path)) : ofHadoop(path);
    for (String setting : settings) {
      config = with(config, setting);
    }
    return new Section("", config.resolve(ConfigResolveOptions.defaults()).root());
  }

  private static Config ofLocal(File file) throws IOException {
    JobText.decode(Files.readAllBytes(file.toPath()), file.getName());
    // Parsed from the file, not from that text, so that includes are found beside it. Without a
    // syntax, a file that is not called .conf, .json or .properties would be ignored.
    return ConfigFactory.parseFile(
        file,
        ConfigParseOptions.defaults()
            .setSyntax(ConfigSyntax.CONF)
            .setOriginDescription(file.getName())
            .setAllowMissing(false));
  }

  private static Config ofHadoop(String name) throws IOException {
    Path path = new Path(name);
    FileSystem files = HadoopPaths.fileSystem(path, SparkHadoopUtil.get().conf());
    try (InputStream in = files.open(path)) {
      return ConfigFactory.parseString(
          JobText.decode(in.readAllBytes(), path.getName()),
          ConfigParseOptions.defaults().setOriginDescription(path.getName()));
    } catch (FileNotFoundException e) {
      throw new IllegalArgumentException(
          Text.format(
              "there is no job file %s; relative paths start at the working directory, %s",
              files.makeQualified(path), System.getProperty("user.dir")),
          e);
    }
  }

  private static Config with(Config config, String setting) {
    int equals = setting.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(
          Text.format("--set must be key=value, such as model.maxIter=20, got '%s'", setting));
    }
    List<String> keys = Arrays.asList(setting.substring(0, equals).strip().split("\\.", -1));
    Collections.reverse(keys);
    ConfigValue value = value(setting.substring(equals + 1).strip());
    for (String key : keys) {
      value = ConfigValueFactory.fromMap(Map.of(key, value), SETTING);
    }
    return ((ConfigObject) value).toConfig().withFallback(config);
  }

  /** Plain text is not parsed: HOCON would take the two slashes of an address as a comment. */
  private static ConfigValue value(String text) {
    boolean hocon = text.startsWith("[") || text.startsWith("{") || text.startsWith("\"");
    return hocon
        ? ConfigFactory.parseString(
                "value = " + text, ConfigParseOptions.defaults().setOriginDescription(SETTING))
            .getValue("value")
        : ConfigValueFactory.fromAnyRef(text, SETTING);
  }
}
