package org.sparksae.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.sparksae.core.Text;

/** The characters of a job file, which is UTF-8. */
final class JobText {
  private JobText() {}

  /**
   * Decodes a file. A byte-order mark of UTF-8 stays, as HOCON takes it for a space.
   *
   * @param name of the file, for the message
   * @throws IllegalArgumentException if it is UTF-16, which some editors and shells write, or no
   *     UTF-8 at all
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

  /** By its byte-order mark, or by the NULs that are half of each Latin letter. */
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
