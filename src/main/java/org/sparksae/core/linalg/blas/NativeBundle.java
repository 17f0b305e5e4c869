package org.sparksae.core.linalg.blas;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.sparksae.core.Digests;

/**
 * Files in our jar that must be extracted before use, with their SHA-256 sums, in the order in
 * which they have to be loaded.
 *
 * @param name name of the bundle's folder, such as {@code linux-x86_64}
 * @param entries the files
 * @param digest identifies exactly these contents; part of the directory's name
 */
record NativeBundle(String name, List<Entry> entries, String digest) {
  private static final String ROOT = "/org/sparksae/native/";
  private static final String SUMS = "SHA256SUMS";

  /** Enough hexadecimal digits to keep two releases from sharing a directory. */
  private static final int DIGEST_LENGTH = 16;

  /**
   * A file of the bundle.
   *
   * @param sha256 the SHA-256 of its contents, in lower-case hexadecimal
   */
  record Entry(String file, String sha256) {}

  /**
   * Returns the bundle of a name.
   *
   * @throws UnavailableException if the jar has no such bundle
   */
  static NativeBundle of(String name) throws UnavailableException {
    try (InputStream sums = NativeBundle.class.getResourceAsStream(ROOT + name + "/" + SUMS)) {
      if (sums == null) {
        throw new UnavailableException("none is included for " + name);
      }
      byte[] text = sums.readAllBytes();
      String digest =
          HexFormat.of().formatHex(Digests.sha256().digest(text)).substring(0, DIGEST_LENGTH);
      return new NativeBundle(name, parse(text), digest);
    } catch (IOException e) {
      throw new UnavailableException("the jar cannot be read: " + UnavailableException.reason(e));
    }
  }

  /** Parses lines in the format of {@code sha256sum}. */
  private static List<Entry> parse(byte[] sums) {
    List<Entry> entries = new ArrayList<>();
    for (String line : new String(sums, StandardCharsets.UTF_8).lines().toList()) {
      String[] fields = line.split(" +", 2);
      entries.add(new Entry(fields[1], fields[0]));
    }
    return List.copyOf(entries);
  }

  /** Returns the name of this machine's bundle, whether or not it exists. */
  static String platform(Properties properties) {
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

  /** Opens a file. */
  InputStream open(Entry entry) throws IOException {
    InputStream contents = open(name, entry.file());
    if (contents == null) {
      throw new IOException("the jar has no " + ROOT + name + "/" + entry.file());
    }
    return contents;
  }

  /** Opens a file of a bundle; returns null if it does not exist. */
  static InputStream open(String bundle, String file) {
    return NativeBundle.class.getResourceAsStream(ROOT + bundle + "/" + file);
  }
}
