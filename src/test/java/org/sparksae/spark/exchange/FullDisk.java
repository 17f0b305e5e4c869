package org.sparksae.spark.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/** The local file system as {@code fulldisk:}, with room for so many bytes of each file. */
public final class FullDisk extends RawLocalFileSystem {
  /** Bytes that still fit; set by the test. */
  static volatile long room = Long.MAX_VALUE;

  @Override
  public URI getUri() {
    return URI.create("fulldisk:///");
  }

  @Override
  public String getScheme() {
    return "fulldisk";
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return limited(super.create(path, overwrite, bufferSize, replication, blockSize, progress));
  }

  private static FSDataOutputStream limited(OutputStream out) throws IOException {
    OutputStream limited =
        new OutputStream() {
          private long written;

          @Override
          public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            int fits = (int) Math.min(length, room - written);
            out.write(bytes, offset, Math.max(0, fits));
            written += length;
            if (fits < length) {
              throw new IOException("No space left on device");
            }
          }

          @Override
          public void close() throws IOException {
            out.close();
          }
        };
    return new FSDataOutputStream(limited, null);
  }
}
