package org.sparksae.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One of the documents: README.md, or a page below src/site/markdown.
 *
 * @param path relative to the repository's root
 * @param lines its text
 */
public record Page(Path path, List<String> lines) {
  private static final Path README = Path.of("README.md");
  private static final Path SITE = Path.of("src/site/markdown");
  private static final Pattern FENCE = Pattern.compile("^( *)```(\\w*)$");
  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$");
  private static final Pattern CODE = Pattern.compile("`[^`]*`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  /**
   * A block between two fences, without the indentation of its fences.
   *
   * @param line number of its first line in the page, from 1
   * @param language what stands behind the fence, may be empty
   */
  public record Block(Path page, int line, String language, List<String> lines) {
    /** Where it is, for messages. */
    public String place() {
      return page + ":" + line;
    }

    /** Its text. */
    public String text() {
      return String.join("\n", lines);
    }
  }

  /** A target of a link, and the line it stands in, from 1. */
  record Link(int line, String target) {}

  /** All documents, README first. */
  public static List<Page> all() {
    try (Stream<Path> files = Files.walk(SITE)) {
      Stream<Path> pages = files.filter(path -> path.toString().endsWith(".md")).sorted();
      return Stream.concat(Stream.of(README), pages).map(Page::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All blocks of a language in all documents. */
  public static List<Block> blocks(String language) {
    return all().stream()
        .flatMap(page -> page.blocks().stream())
        .filter(block -> block.language().equals(language))
        .toList();
  }

  static Page read(Path path) {
    try {
      return new Page(path, Files.readAllLines(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    List<String> open = null;
    int first = 0;
    int indent = 0;
    String language = "";
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      if (!fence.matches()) {
        if (open != null) {
          String line = lines.get(i);
          open.add(line.substring(Math.min(indent, line.length() - line.stripLeading().length())));
        }
      } else if (open == null) {
        open = new ArrayList<>();
        first = i + 2;
        indent = fence.group(1).length();
        language = fence.group(2);
      } else {
        blocks.add(new Block(path, first, language, open));
        open = null;
      }
    }
    if (open != null) {
      throw new IllegalStateException(path + ":" + first + ": a block without an end");
    }
    return blocks;
  }

  /** The text outside of blocks; lines of blocks are empty. */
  List<String> prose() {
    List<String> prose = new ArrayList<>(lines);
    for (Block block : blocks()) {
      for (int i = block.line() - 2; i <= block.line() - 1 + block.lines().size(); i++) {
        prose.set(i, "");
      }
    }
    return prose;
  }

  /** Links and pictures, those to the network left out. */
  List<Link> links() {
    List<Link> links = new ArrayList<>();
    List<String> prose = prose();
    for (int i = 0; i < prose.size(); i++) {
      Matcher link = LINK.matcher(CODE.matcher(prose.get(i)).replaceAll(""));
      while (link.find()) {
        if (!link.group(1).startsWith("http")) {
          links.add(new Link(i + 1, link.group(1)));
        }
      }
    }
    return links;
  }

  /** The names by which links find the headings, as GitHub makes them. */
  List<String> anchors() {
    Map<String, Integer> seen = new HashMap<>();
    List<String> anchors = new ArrayList<>();
    for (String line : prose()) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String name =
            heading
                .group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
        int before = seen.merge(name, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? name : name + "-" + before);
      }
    }
    return anchors;
  }
}
