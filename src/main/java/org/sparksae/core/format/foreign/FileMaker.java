package org.sparksae.core.format.foreign;

import java.io.IOException;
import java.io.OutputStream;

/** Creates the files of a folder that another library will read. */
@FunctionalInterface
public interface FileMaker {

  /** Creates a file; the caller closes it. */
  OutputStream create(String name) throws IOException;
}
