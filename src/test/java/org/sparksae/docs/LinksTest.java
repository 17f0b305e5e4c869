package org.sparksae.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the documents point at is there. */
class LinksTest {
  private static final Path INDEX = Path.of("src/site/markdown/index.md");

  /** Files of the repository, named in text or commands; not as a part of a longer path. */
  private static final Pattern FILE =
      Pattern.compile("(?<![\\w./-])(?:jobs|scripts|conf|src)/[\\w./-]*\\w");

  @Test
  void everyLinkLeadsToAFileAndAHeadingInIt() {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Page page : Page.all()) {
      for (Page.Link link : page.links()) {
        links++;
        String fault = fault(page, link.target());
        if (fault != null) {
          broken.add(page.path() + ":" + link.line() + ": " + link.target() + ": " + fault);
        }
      }
    }
    assertEquals(List.of(), broken);
    assertTrue(links > 100, "only " + links + " links found");
  }

  private static String fault(Page page, String target) {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? page.path() : resolve(page, parts[0]);
    if (!Files.exists(file)) {
      return "there is no " + file;
    }
    if (parts.length == 1) {
      return null;
    }
    List<String> anchors = Page.read(file).anchors();
    return anchors.contains(parts[1]) ? null : "no such heading, only " + anchors;
  }

  private static Path resolve(Page page, String target) {
    return Path.of("").resolve(page.path()).resolveSibling(target).normalize();
  }

  @Test
  void everyPageIsListedInTheIndex() {
    Set<Path> listed = new HashSet<>();
    Page index = Page.read(INDEX);
    index.links().forEach(link -> listed.add(resolve(index, link.target())));
    List<Path> missing =
        Page.all().stream()
            .map(Page::path)
            .filter(path -> !path.equals(INDEX) && !listed.contains(path))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void everyFileOfTheRepositoryThatIsNamedExists() {
    List<String> missing = new ArrayList<>();
    int names = 0;
    for (Page page : Page.all()) {
      for (int i = 0; i < page.lines().size(); i++) {
        Matcher file = FILE.matcher(page.lines().get(i));
        while (file.find()) {
          names++;
          if (!Files.exists(Path.of(file.group()))) {
            missing.add(page.path() + ":" + (i + 1) + ": " + file.group());
          }
        }
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(names > 50, "only " + names + " names found");
  }
}
