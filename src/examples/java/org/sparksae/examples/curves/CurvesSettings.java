package org.sparksae.examples.curves;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.Section;
import org.sparksae.cli.job.Source;

/**
 * What to compare: section {@code curves} of a job file.
 *
 * @param input rows that measure
 * @param kinds a job with a grid for each kind of code, by its name
 */
record CurvesSettings(Source input, Map<String, JobConfig> kinds) {

  /** The section's name; the rest of the job file is the library's. */
  static final String SECTION = "curves";

  private static final String INPUT = "input";
  private static final String KINDS = "kinds";
  private static final String MODEL = "model";
  private static final String GRID = "grid";

  /**
   * Reads the section. Each kind has the Params of {@code model} and its own, which come first, and
   * a grid.
   *
   * @param file the job file as a whole
   * @throws IllegalArgumentException naming key, place, value, rule and remedy
   */
  static CurvesSettings of(Section file) {
    Section section = file.section(SECTION);
    Map<String, Section> kinds = section.only(List.of(INPUT, KINDS)).section(KINDS).sections();
    if (kinds.isEmpty()) {
      throw Section.missing(
          section.path(KINDS),
          "the kinds of codes to compare, such as kinds { topk { grid.k = [8, 16, 32] } }");
    }
    Map<String, JobConfig> jobs = new LinkedHashMap<>();
    kinds.forEach((name, kind) -> jobs.put(name, job(file, kind)));
    return new CurvesSettings(
        Source.of(section.section(INPUT).orElse(file.section(INPUT)), file.section(MODEL)), jobs);
  }

  private static JobConfig job(Section file, Section kind) {
    kind.require(
        GRID, "the values that change the number of active latents, such as grid.k = [8, 16, 32]");
    return JobConfig.of(
        file.without(SECTION)
            .with(MODEL, kind.without(GRID).orElse(file.section(MODEL)))
            .with(GRID, kind.section(GRID)));
  }
}
