package org.sparksae.cli.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparksae.core.Text;
import org.sparksae.core.stats.NestedFvu;

/**
 * The figures of nested widths, of the training rows or of others.
 *
 * @param widths of the model, rising; empty if it has none
 */
record NestedFigures(List<NestedFvu> widths) {

  /** Adds them to those of a file. */
  void addTo(Map<String, Object> json) {
    if (!widths.isEmpty()) {
      json.put("nestedFvu", widths.stream().map(NestedFigures::json).toList());
    }
  }

  private static Map<String, Object> json(NestedFvu width) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("width", width.width());
    json.put("fvu", width.fvu());
    return json;
  }

  /** The explained variance of each width, for a person; belongs below that of the whole code. */
  List<String> text() {
    return widths.stream()
        .map(width -> Text.format("    first %,10d  %.4f", width.width(), 1 - width.fvu()))
        .toList();
  }
}
