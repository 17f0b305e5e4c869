package org.sparksae.core.linalg.natives;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.sparksae.core.Digests;

/**
 * Files in a jar that must be extracted before use, with their SHA-256 sums, in the order in which
 * they have to be loaded.
 *
 * @param name name of the bundle, such as {@code linux-x86_64}
 * @param entries the files
 * @param digest identifies exactly these contents; part of the directory's name
 */
public record NativeBundle(String name, List<Entry> entries, String digest) {
  private static final String ROOT = "/org/sparksae/native/";
  private static final String SUMS = "SHA256SUMS";

  /** Enough hexadecimal digits to keep two releases from sharing a directory. */
  private static final int DIGEST_LENGTH = 16;

  /** Opens a file's contents. */
  public interface Contents {
    InputStream open() throws IOException;
  }

  /**
   * A file of the bundle.
   *
   * @param sha256 the SHA-256 of its contents, in lower-case hexadecimal
   */
  public record Entry(String file, String sha256, Contents contents) {}

  /**
   * Returns the bundle in our jar's folder of a name. The jar has the sums of its files.
   *
   * @throws UnavailableException if the jar has no such bundle
   */
  public static NativeBundle of(String name) throws UnavailableException {
    try (InputStream sums = open(name, SUMS)) {
      if (sums == null) {
        throw new UnavailableException("none is included for " + name);
      }
      byte[] text = sums.readAllBytes();
      return new NativeBundle(name, parse(name, text), digest(text));
    } catch (IOException e) {
      throw new UnavailableException("the jar cannot be read: " + UnavailableException.reason(e));
    }
  }

  /**
   * Returns a bundle of files from another jar, whose sums are computed.
   *
   * @throws IOException if one of them cannot be read
   */
  public static NativeBundle of(String name, List<URL> files) throws IOException {
    List<Entry> entries = new ArrayList<>();
    StringBuilder sums = new StringBuilder();
    for (URL url : files) {
      String file = url.getPath().substring(url.getPath().lastIndexOf('/') + 1);
      String sha256 = Extraction.sha256(open(url));
      entries.add(new Entry(file, sha256, () -> open(url)));
      sums.append(sha256).append("  ").append(file).append('\n');
    }
    byte[] text = sums.toString().getBytes(StandardCharsets.UTF_8);
    return new NativeBundle(name, List.copyOf(entries), digest(text));
  }

  /** Not through the cache of jars, which would keep another's jar open. */
  private static InputStream open(URL url) throws IOException {
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false);
    return connection.getInputStream();
  }

  private static String digest(byte[] sums) {
    return HexFormat.of().formatHex(Digests.sha256().digest(sums)).substring(0, DIGEST_LENGTH);
  }

  /** Parses lines in the format of {@code sha256sum}. */
  private static List<Entry> parse(String name, byte[] sums) {
    List<Entry> entries = new ArrayList<>();
    for (String line : new String(sums, StandardCharsets.UTF_8).lines().toList()) {
      String[] fields = line.split(" +", 2);
      entries.add(new Entry(fields[1], fields[0], () -> openExisting(name, fields[1])));
    }
    return List.copyOf(entries);
  }

  /** Returns the name of this machine's bundle, whether or not it exists. */
  public static String platform(Properties properties) {
    String system = properties.getProperty("os.name").toLowerCase(Locale.ROOT).replace(' ', '-');
    String machine = properties.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return system
        + "-"
        + switch (machine) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm64";
          default -> machine;
        };
  }

  private static InputStream openExisting(String bundle, String file) throws IOException {
    InputStream contents = open(bundle, file);
    if (contents == null) {
      throw new IOException("the jar has no " + ROOT + bundle + "/" + file);
    }
    return contents;
  }

  /** Opens a file of a bundle in our jar; returns null if it does not exist. */
  public static InputStream open(String bundle, String file) {
    return NativeBundle.class.getResourceAsStream(ROOT + bundle + "/" + file);
  }
}
