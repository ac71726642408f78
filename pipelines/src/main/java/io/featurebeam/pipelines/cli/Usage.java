package io.featurebeam.pipelines.cli;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.beam.sdk.options.Description;

/** The text of {@code --help}, from the declarations of the options. */
final class Usage {

  private static final int WIDTH = 100;
  private static final int INDENT = 22;

  /** Which options belong together; a test sees to it that none is forgotten. */
  private static final Map<String, List<String>> GROUPS = groups();

  private Usage() {}

  private static Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    groups.put("What to run", List.of("spec", "set"));
    groups.put("A part of the output again", List.of("from", "to", "replay"));
    groups.put(
        "Instead of a run",
        List.of("explain", "dryRun", "testSpec", "reproduce", "templateLocation"));
    groups.put("Help", List.of("verbose", "writeSchema"));
    return Collections.unmodifiableMap(groups);
  }

  static String text() {
    Map<String, String> described = descriptions();
    StringBuilder out =
        new StringBuilder("Usage: FeaturePipeline --spec=FILE [--option=value ...]\n");
    GROUPS.forEach(
        (title, names) -> {
          out.append('\n').append(title).append('\n');
          for (String name : names) {
            option(out, shown(name), described.get(name));
          }
        });
    option(out, "help, -h", "Print this.");
    option(out, "version", "Print the versions.");
    out.append(
        """

        Every option of Beam and of the runner works too: --runner=FlinkRunner, --parallelism=4, ...
        A flag stands before the spec's runner: section, and that before the runner's defaults.

        Examples
          --spec=flights.yaml                                        run, on the runner that is here
          --spec=flights.yaml --dry-run                              see whether it would run
          --spec=flights.yaml --explain                              see what it would do
          --spec=flights.yaml --runner=FlinkRunner --parallelism=4   on Flink, in this process
          --spec=flights.yaml --set=sink.parquet.path=elsewhere      with a key of the spec changed
          --spec=flights.yaml --from=2001-01-02 --to=2001-01-03      one day again
          --spec=flights.yaml --testSpec=flights.test.yaml           the tests beside the spec
          --reproduce=out/flights/features                           build it again and compare

        Exit codes
          0    done: the run is complete and published
          1    the run failed; nothing was published
          2    wrong arguments or spec; nothing ran
          3    a rule with onFail: fail was broken; nothing was published
          4    --reproduce built something different
          130  interrupted by Ctrl-C, 143 by kill (SIGTERM); earlier output stands
        """);
    return out.toString();
  }

  /** All options of this project with their descriptions. */
  static Map<String, String> descriptions() {
    Map<String, String> options = new LinkedHashMap<>();
    for (Method method : FeaturePipelineOptions.class.getDeclaredMethods()) {
      Description description = method.getAnnotation(Description.class);
      if (description != null) {
        String name = method.getName().replaceFirst("^(get|is)", "");
        options.put(
            name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), description.value());
      }
    }
    return options;
  }

  static List<String> grouped() {
    List<String> names = new ArrayList<>();
    GROUPS.values().forEach(names::addAll);
    return names;
  }

  private static String shown(String name) {
    return name.equals("dryRun") ? "dry-run" : name;
  }

  /** The name, and the description beside it in as many lines as it takes. */
  private static void option(StringBuilder out, String name, String description) {
    StringBuilder line = new StringBuilder("  --" + name);
    line.append(" ".repeat(INDENT - line.length() - 1));
    for (String word : description.split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        out.append(line).append('\n');
        line = new StringBuilder(" ".repeat(INDENT - 1));
      }
      line.append(' ').append(word);
    }
    out.append(line).append('\n');
  }
}
