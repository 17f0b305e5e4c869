package org.sparksae.cli.job;

import java.util.List;
import java.util.Optional;

/**
 * Which rows 'evaluate' shows for a sample of units: section {@code evaluate.topRows}.
 *
 * @param input rows to look among
 * @param column column whose value names a row
 * @param units size of the sample
 * @param rows rows to show per unit
 * @param seed seed of the sample
 */
public record TopRowsSettings(Source input, String column, int units, int rows, long seed) {

  static Optional<TopRowsSettings> of(Section section, Section input, Section model) {
    section.only(List.of("input", "column", "units", "rows", "seed"));
    Source source = Source.of(section.section("input").orElse(input), model);
    if (section.object().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new TopRowsSettings(
            source,
            section.require("column", "the column that names a row").asText(),
            section.find("units").map(Value::asPositiveInt).orElse(20),
            section.find("rows").map(Value::asPositiveInt).orElse(8),
            section.find("seed").map(Value::asLong).orElse(1L)));
  }
}
