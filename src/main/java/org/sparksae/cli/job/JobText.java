package org.sparksae.cli.job;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.sparksae.core.Text;

/** Decodes the UTF-8 text of a job file. */
final class JobText {
  private JobText() {}

  /**
   * Decodes a file. A UTF-8 byte-order mark stays, because HOCON treats it as a space.
   *
   * @param name the file's name, for the message
   * @throws IllegalArgumentException if the file is not UTF-8; for UTF-16, which some editors and
   *     shells write, the message says so
   */
  static String decode(byte[] bytes, String name) {
    if (isUtf16(bytes)) {
      throw refusal(name, "UTF-16 (Windows calls it Unicode)", "UTF-16");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw refusal(name, "in another encoding", "ISO-8859-1");
    }
  }

  /** Looks for a byte-order mark, or for the NULs that make up half of each Latin letter. */
  private static boolean isUtf16(byte[] bytes) {
    if (bytes.length > 1) {
      int mark = Byte.toUnsignedInt(bytes[0]) << 8 | Byte.toUnsignedInt(bytes[1]);
      if (mark == 0xfeff || mark == 0xfffe) {
        return true;
      }
    }
    for (byte b : bytes) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  private static IllegalArgumentException refusal(String name, String found, String encoding) {
    return new IllegalArgumentException(
        Text.format(
            "the job file %s must be UTF-8 text, but is %s: save it as UTF-8, or convert it with iconv -f %s -t UTF-8",
            name, found, encoding));
  }
}
