package org.sparksae.core.format.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A folder of files that another library wrote, wherever it is stored. */
public interface Folder {

  /** Returns the names of its files, without folders inside it. */
  List<String> names() throws IOException;

  /** Returns the length of a file in bytes. */
  long length(String name) throws IOException;

  /** Opens a file at its first byte; the caller closes it. */
  InputStream open(String name) throws IOException;
}
