package org.sparksae.core.model;

import java.io.IOException;
import java.util.List;

/** The fields of a saved model that describe its code, by the names of the Params. */
public interface CodeFields {
  /** Returns whether a field exists. */
  boolean has(String name);

  /** Returns whether a field is true, rather than false or missing. */
  boolean flag(String name) throws IOException;

  /** Returns a field that is an integer. */
  int integer(String name) throws IOException;

  /** Returns a field that is a number. */
  double number(String name) throws IOException;

  /** Returns a field that is a list of integers. */
  List<Integer> integers(String name) throws IOException;

  /** Returns a field that is a string. */
  String text(String name) throws IOException;
}
