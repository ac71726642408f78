package io.featurebeam.pipelines.cli;

import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.options.Description;

/** The text of {@code --help}, from the declarations of the options. */
final class Usage {

  private Usage() {}

  static String text() {
    Map<String, String> options = new TreeMap<>();
    for (Method method : FeaturePipelineOptions.class.getDeclaredMethods()) {
      Description description = method.getAnnotation(Description.class);
      if (description != null) {
        String name = method.getName().replaceFirst("^(get|is)", "");
        options.put(
            name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), description.value());
      }
    }
    StringBuilder out =
        new StringBuilder("Usage: FeaturePipeline --spec=FILE [--option=value ...]\n\n");
    int width = options.keySet().stream().mapToInt(String::length).max().orElse(0);
    options.forEach(
        (name, text) ->
            out.append("  --")
                .append(name)
                .append(" ".repeat(width - name.length() + 2))
                .append(text)
                .append('\n'));
    out.append(
        """

        --help or -h prints this, --version the versions.
        Every option of Beam and of the runner works too: --runner=FlinkRunner, --parallelism=4, ...
        Exit codes: 0 done, 1 the run failed, 2 wrong arguments or spec, 3 a rule said fail.
        """);
    return out.toString();
  }
}
