package org.sparksae.cli.report;

import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.sparksae.core.Text;

/**
 * A code in one line, as Spark prints a SparseVector but shortened: {@code (1024, [3, 17, 41, 58,
 * ...], [0.42, 0.13, 1.07, 0.26, ...]), 66 of 1024 not 0}.
 */
public final class CodeText {
  private static final int SHOWN = 4;

  private CodeText() {}

  public static String of(Vector code) {
    SparseVector sparse = code.toSparse();
    int entries = sparse.indices().length;
    return Text.format(
        "(%d, %s, %s), %d of %d not 0",
        code.size(),
        list(entries, k -> Integer.toString(sparse.indices()[k])),
        list(entries, k -> Text.format("%.3g", sparse.values()[k])),
        entries,
        code.size());
  }

  private static String list(int entries, IntFunction<String> text) {
    String shown =
        IntStream.range(0, Math.min(entries, SHOWN))
            .mapToObj(text)
            .collect(Collectors.joining(", "));
    return "[" + shown + (entries > SHOWN ? ", ...]" : "]");
  }
}
