package io.featurebeam.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.pipelines.cli.ExitCode;
import io.featurebeam.pipelines.cli.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * Looks at data sets by their manifests, and reads no data: lists the versions of one, and tells by
 * what two differ.
 *
 * <pre>{@code
 * java -cp JAR io.featurebeam.pipelines.Datasets list out/features
 * java -cp JAR io.featurebeam.pipelines.Datasets diff out/features@20260131 out/features
 * java -cp JAR io.featurebeam.pipelines.Datasets diff out/features      # with the version before
 * }</pre>
 *
 * <p>A data set is the folder of a sink of files, {@code FOLDER@VERSION} with the start of a
 * version's id, or a manifest file. {@code --json} prints the same for machines; options of Beam's
 * file systems, such as {@code --awsRegion=...}, work too.
 */
public final class Datasets {

  private static final String USAGE =
      """
      Usage: Datasets list FOLDER [--json]
             Datasets diff A [B] [--json]

        list  the versions of a data set: when, rows, spec, code, inputs, content
        diff  by what B is not A: spec, code, inputs, columns, rows; alone, A with the one before it

      A data set is the folder of a sink of files, FOLDER@VERSION (the start of an id is enough), or
      a manifest file. --json prints the same for machines.

      Exit codes
        0  done; of diff: the same rows and columns
        1  a manifest cannot be read
        2  wrong arguments
        4  of diff: other rows or columns
      """;

  private static final String JSON = "--json";
  private static final int SHORT = 8;
  private static final int LINES = 30;

  private final boolean json;
  private final PrintStream out;

  private Datasets(boolean json, PrintStream out) {
    this.json = json;
    this.out = out;
  }

  /** Exits with 0, or 1 if a manifest cannot be read, 2 for wrong arguments, 4 if two differ. */
  public static void main(String[] args) {
    System.exit(run(System.out, System.err, args));
  }

  static int run(PrintStream out, PrintStream err, String... args) {
    List<String> words = new ArrayList<>();
    List<String> flags = new ArrayList<>();
    for (String arg : args) {
      (arg.startsWith("-") ? flags : words).add(arg);
    }
    if (flags.remove("--help") || flags.remove("-h")) {
      out.print(USAGE);
      return ExitCode.OK.code();
    }
    boolean json = flags.remove(JSON);
    try {
      FileSystems.setDefaultPipelineOptions(options(flags));
      return new Datasets(json, out).run(words).code();
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return ExitCode.USAGE.code();
    } catch (IOException e) {
      err.println(e.getMessage());
      return ExitCode.FAILED.code();
    }
  }

  private static PipelineOptions options(List<String> flags) {
    try {
      return PipelineOptionsFactory.fromArgs(flags.toArray(String[]::new)).create();
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "Invalid options: "
              + String.join(" ", flags)
              + " (must be --json, or an option of Beam and its file systems, --name=value)");
    }
  }

  private ExitCode run(List<String> words) throws IOException {
    if (words.size() == 2 && words.get(0).equals("list")) {
      return list(words.get(1));
    }
    if (words.size() == 2 && words.get(0).equals("diff")) {
      List<Manifest> versions = Manifests.versions(words.get(1));
      if (versions.size() < 2) {
        throw new UsageException(
            "Nothing to compare: "
                + words.get(1)
                + " has one version (name two data sets: diff A B)");
      }
      return diff(versions.get(1), versions.get(0));
    }
    if (words.size() == 3 && words.get(0).equals("diff")) {
      return diff(Manifests.read(words.get(1)), Manifests.read(words.get(2)));
    }
    throw new UsageException(
        "Invalid arguments: "
            + (words.isEmpty() ? "none" : String.join(" ", words))
            + " (must be list FOLDER, diff FOLDER or diff A B; --help says more)");
  }

  private ExitCode list(String folder) throws IOException {
    List<Manifest> versions = Manifests.versions(folder);
    if (json) {
      print(versions.stream().map(Datasets::entry).toList());
      return ExitCode.OK;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("version", "made at", "rows", "spec", "code", "runner", "inputs", "content"));
    for (Manifest m : versions) {
      rows.add(
          List.of(
              m.runId(),
              m.created(),
              String.format(Locale.ROOT, "%,d", m.rows()),
              start(m.specHash()),
              m.origin() == null ? "-" : m.origin().code().toString(),
              m.origin() == null ? "-" : m.origin().runner() + range(m),
              m.origin() == null ? "-" : String.valueOf(m.origin().inputs().size()),
              start(hash(m))));
    }
    out.println(
        BatchPrinter.escape(folder)
            + ": "
            + versions.size()
            + (versions.size() == 1 ? " version" : " versions, the published one first"));
    table(rows);
    return ExitCode.OK;
  }

  private static String range(Manifest manifest) {
    var range = manifest.origin().range();
    return range == null
        ? ""
        : ", "
            + (range.from() == null ? "" : range.from())
            + " to "
            + (range.to() == null ? "" : range.to());
  }

  private static @Nullable String hash(Manifest manifest) {
    return manifest.content() == null ? null : manifest.content().hash();
  }

  /** Of a hash what tells it from others here. */
  private static String start(@Nullable String hash) {
    return hash == null ? "-" : hash.substring(0, Math.min(SHORT, hash.length()));
  }

  private void table(List<List<String>> rows) {
    int columns = rows.get(0).size();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(" ");
      for (int c = 0; c < columns; c++) {
        int column = c;
        int width = rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0);
        String pad = " ".repeat(width - row.get(c).length());
        boolean number = c == 2 || c == 6;
        line.append(' ').append(number ? pad + row.get(c) : row.get(c) + pad).append(' ');
      }
      out.println(BatchPrinter.escape(line.toString().stripTrailing()));
    }
  }

  private static Map<String, @Nullable Object> entry(Manifest m) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("version", m.runId());
    entry.put("created", m.created());
    entry.put("rows", m.rows());
    entry.put("spec", m.spec());
    entry.put("specHash", m.specHash());
    entry.put("code", m.origin() == null ? null : m.origin().code());
    entry.put("runner", m.origin() == null ? null : m.origin().runner());
    entry.put("range", m.origin() == null ? null : m.origin().range());
    entry.put("inputs", m.origin() == null ? null : m.origin().inputs().size());
    entry.put("content", hash(m));
    return entry;
  }

  private ExitCode diff(Manifest a, Manifest b) throws IOException {
    ManifestDiff diff = ManifestDiff.of(a, b);
    ExitCode code = diff.isSameData() ? ExitCode.OK : ExitCode.DIFFERENT;
    if (json) {
      Map<String, @Nullable Object> found = new LinkedHashMap<>();
      found.put("a", entry(a));
      found.put("b", entry(b));
      found.put("same", diff.isSameData());
      found.put("specLines", diff.spec());
      found.put("code", diff.code());
      found.put("inputs", diff.inputs());
      found.put("schema", diff.schema());
      found.put("partitions", diff.partitions());
      found.put("sameContent", diff.content());
      print(found);
      return code;
    }
    out.println("A  " + title(a));
    out.println("B  " + title(b));
    section("spec", diff.spec());
    section(
        "code",
        diff.code().isEmpty() ? List.of() : List.of(String.join(" then, ", diff.code()) + " now"));
    section("inputs", diff.inputs());
    section("columns", diff.schema());
    section("partitions", diff.partitions());
    out.println();
    out.println(ending(a, b, diff));
    return code;
  }

  private static String title(Manifest m) {
    return m.runId() + "  made at " + m.created() + ", " + ManifestDiff.rows(m.rows());
  }

  private static String ending(Manifest a, Manifest b, ManifestDiff diff) {
    if (diff.content() == null) {
      return "The content of one of them is not known: an older release wrote it";
    }
    if (diff.isSameData()) {
      return "The same rows: content " + hash(a);
    }
    return diff.content()
        ? "The same values in other columns or folders: content " + hash(a)
        : "Other rows: content " + hash(a) + " then, " + hash(b) + " now";
  }

  private void section(String title, List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    out.println();
    out.println(title);
    lines.stream().limit(LINES).forEach(line -> out.println("  " + BatchPrinter.escape(line)));
    if (lines.size() > LINES) {
      out.println("  and " + (lines.size() - LINES) + " more (" + JSON + " prints all)");
    }
  }

  private void print(Object value) throws JsonProcessingException {
    out.println(
        JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsString(value));
  }
}
