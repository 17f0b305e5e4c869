package org.sparksae.spark.ml.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.sparksae.core.format.foreign.FileMaker;
import org.sparksae.core.format.foreign.Folder;
import org.sparksae.spark.data.HadoopPaths;

/** A folder for files of other libraries, on any Hadoop file system. */
public final class HadoopFolder implements Folder, FileMaker {
  private final FileSystem files;
  private final Path path;

  public HadoopFolder(String path, Configuration hadoop) throws IOException {
    this.path = new Path(path);
    this.files = HadoopPaths.fileSystem(this.path, hadoop);
  }

  /** Returns whether something is there. */
  public boolean exists() throws IOException {
    return files.exists(path);
  }

  @Override
  public List<String> names() throws IOException {
    FileStatus status = files.getFileStatus(path);
    if (!status.isDirectory()) {
      throw new FileNotFoundException("it is a file; name the folder that it is in");
    }
    return Arrays.stream(files.listStatus(path))
        .filter(FileStatus::isFile)
        .map(file -> file.getPath().getName())
        .sorted()
        .toList();
  }

  @Override
  public long length(String name) throws IOException {
    return files.getFileStatus(new Path(path, name)).getLen();
  }

  @Override
  public InputStream open(String name) throws IOException {
    return files.open(new Path(path, name));
  }

  /** Creates a file, without the file of checksums that Hadoop puts beside it on a local disk. */
  @Override
  public OutputStream create(String name) throws IOException {
    FileSystem plain = files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
    return plain.create(new Path(path, name));
  }
}
