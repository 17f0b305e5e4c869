package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sparksae.docs.Page;
import org.sparksae.docs.Page.Block;
import org.sparksae.spark.LocalSpark;
import picocli.CommandLine;

/** Jobs, keys and commands that the documents show are taken as they stand. */
class DocumentedJobsTest extends JobRunner {
  private static final Pattern SCRIPT = Pattern.compile("scripts/submit (\\S+) +(\\S+) *(\\S*)");
  private static final Pattern BARE = Pattern.compile("org\\.sparksae\\.cli\\.Main \\S+ (\\S+)");
  private static final Pattern LOOP = Pattern.compile("for (\\w+) in ([^;]*);");
  private static final Pattern SETTING = Pattern.compile("--set (\\S+=\\S+)");
  private static final Pattern JAR = Pattern.compile("target/(spark-sparse-[\\w.-]*\\.jar)");
  private static final Pattern KEYS = Pattern.compile("`([\\w.]*\\w)`");

  @BeforeAll
  static void useTheSession() {
    LocalSpark.session();
  }

  @Test
  void everyJobFileIsTaken() throws IOException {
    List<Block> blocks = Page.blocks("hocon");
    assertTrue(blocks.size() >= 5, "only " + blocks.size() + " blocks found");
    for (Block block : blocks) {
      Path job = Files.writeString(dir.resolve("job.conf"), block.text());
      List<String> settings = new ArrayList<>(List.of("output.dir=" + out));
      if (!block.text().contains("hiddenLayers")) {
        settings.add("model.hiddenLayers=[4]");
      }
      assertTaken(block.place(), job, settings);
    }
  }

  @Test
  void everyCommandIsThereAndItsJobTakesItsSettings() throws IOException {
    Set<String> commands = Main.commandLine().getSubcommands().keySet();
    List<String> scripted = commandsOfTheScript();
    int lines = 0;
    int settings = 0;
    for (Block block : Page.blocks("sh")) {
      for (String line : commandLines(block)) {
        String place = block.place() + ": " + line;
        Matcher bare = BARE.matcher(line);
        assertTrue(!bare.find() || commands.contains(bare.group(1)), place);
        Matcher script = SCRIPT.matcher(line);
        if (script.find()) {
          lines++;
          assertTrue(Files.exists(Path.of("conf", script.group(1) + ".properties")), place);
          assertTrue(scripted.contains(script.group(2)), place);
          List<String> values = SETTING.matcher(line).results().map(m -> m.group(1)).toList();
          settings += values.size();
          if (takesJob(script.group(2)) && !script.group(3).endsWith(".conf")) {
            assertTaken(place, Path.of("jobs", script.group(3), "job.conf"), values);
          }
        }
      }
    }
    assertTrue(lines > 20, "only " + lines + " commands found");
    assertTrue(settings > 10, "only " + settings + " settings found");
  }

  /** Whether it is a command of the library whose argument is a job. */
  private static boolean takesJob(String command) {
    CommandLine line = Main.commandLine().getSubcommands().get(command);
    return line != null
        && line.getCommandSpec().positionalParameters().stream()
            .anyMatch(argument -> argument.paramLabel().equals("JOB"));
  }

  /** The library's, and those of experiments. */
  private static List<String> commandsOfTheScript() throws IOException {
    String script = Files.readString(Path.of("scripts/submit"));
    Matcher names = Pattern.compile("no command .*: must be one of ([\\w, -]+)").matcher(script);
    assertTrue(names.find());
    return List.of(names.group(1).split(", "));
  }

  /** The commands of a block, one a line; a variable of a loop has its first value. */
  private static List<String> commandLines(Block block) {
    String text = block.text().replaceAll("\\\\\n *", "");
    Matcher loop = LOOP.matcher(text);
    while (loop.find()) {
      text = text.replaceAll("\\$" + loop.group(1) + "\\b", loop.group(2).strip().split(" ")[0]);
    }
    return text.lines().toList();
  }

  @Test
  void everyKeyOfTheReferenceIsKnown() throws IOException {
    Path job = Files.writeString(dir.resolve("job.conf"), "model.hiddenLayers = [4]");
    int keys = 0;
    for (String line : Files.readAllLines(Path.of("src/site/markdown/job-file.md"))) {
      String cell = line.startsWith("| `") ? line.substring(2, line.indexOf(" |", 2)) : "";
      String prefix = "";
      Matcher key = KEYS.matcher(cell.replace(".…", ""));
      while (key.find()) {
        String name = key.group(1).startsWith(".") ? prefix + key.group(1) : key.group(1);
        prefix = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        if (Main.commandLine().getSubcommands().containsKey(name)) {
          continue;
        }
        keys++;
        run("train", job.toString(), "--set", "output.dir=" + out, "--set", name + "=x");
        assertFalse(error.contains(" key; "), error);
      }
    }
    assertTrue(keys > 35, "only " + keys + " keys found");
    run("train", job.toString(), "--set", "output.dir=" + out, "--set", "evaluate.nothing=x");
    assertTrue(error.contains("evaluate.nothing") && error.contains(" key; "), error);
  }

  @Test
  void theJarHasTheNameThatTheBuildGivesIt() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    Matcher made =
        Pattern.compile("<artifactId>(.*)</artifactId>\\s*<version>(.*)</version>").matcher(pom);
    assertTrue(made.find());
    String name = made.group(1) + "-" + made.group(2) + ".jar";
    int names = 0;
    for (Page page : Page.all()) {
      Matcher jar = JAR.matcher(String.join("\n", page.lines()));
      while (jar.find()) {
        names++;
        assertEquals(name, jar.group(1), page.path().toString());
      }
    }
    assertTrue(names >= 3, "only " + names + " names found");
  }

  /** A job whose keys and values are all right, but for the rows, which are looked for last. */
  private void assertTaken(String place, Path job, List<String> settings) {
    List<String> args = new ArrayList<>(List.of("train", job.toString()));
    for (String setting : settings) {
      args.addAll(List.of("--set", setting));
    }
    args.addAll(List.of("--overwrite", "--set", "input.path=" + dir.resolve("nothing")));
    assertEquals(2, run(args.toArray(String[]::new)), place);
    assertTrue(error.contains("input.path: there is nothing at"), place + ": " + error);
  }
}
