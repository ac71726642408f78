package io.featurebeam.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Objects;

/**
 * Where comparisons end: each is one line of JSON, printed and appended to a file.
 *
 * <pre>{@code
 * Results results = Results.appendedTo(Path.of("target/benchmarks.jsonl"));
 * results.add(new Results.Line().text("workload", "card-batch").whole("rows", 5_000_000));
 * }</pre>
 */
public final class Results {
  private final Path file;

  private Results(Path file) {
    this.file = file;
  }

  /** Results that are appended to a file, which need not exist yet. */
  public static Results appendedTo(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    Files.createDirectories(Objects.requireNonNull(absolute.getParent(), "file is a root"));
    return new Results(absolute);
  }

  /** Prints and appends a line. */
  public void add(Line line) throws IOException {
    System.out.println(line);
    Files.writeString(
        file,
        line + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** A JSON object under construction, its members in the order of the calls. */
  public static final class Line {
    private final StringBuilder json = new StringBuilder("{");

    public Line text(String name, String value) {
      return member(name, quoted(value));
    }

    public Line whole(String name, long value) {
      return member(name, Long.toString(value));
    }

    /** A number with three decimals (three digits below 0.1), or null where it is not finite. */
    public Line decimal(String name, double value) {
      return member(name, number(value));
    }

    public Line truth(String name, boolean value) {
      return member(name, Boolean.toString(value));
    }

    /** A member that every comparison has and this one has no value for. */
    public Line none(String name) {
      return member(name, "null");
    }

    /** An object of the least, the middle and the greatest of some measurements. */
    public Line spread(String name, Spread spread) {
      return member(
          name,
          "{\"min\":%s,\"median\":%s,\"max\":%s}"
              .formatted(number(spread.min()), number(spread.median()), number(spread.max())));
    }

    private Line member(String name, String value) {
      json.append(json.length() > 1 ? "," : "").append(quoted(name)).append(':').append(value);
      return this;
    }

    private static String number(double value) {
      if (!Double.isFinite(value)) {
        return "null";
      }
      // Seconds of a kernel's pass are millionths: significant digits there, decimals elsewhere.
      return Math.abs(value) >= 0.1 || value == 0
          ? String.format(Locale.ROOT, "%.3f", value)
          : String.format(Locale.ROOT, "%.3e", value);
    }

    private static String quoted(String text) {
      StringBuilder quoted = new StringBuilder("\"");
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '"' || c == '\\') {
          quoted.append('\\').append(c);
        } else if (c < ' ') {
          quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        } else {
          quoted.append(c);
        }
      }
      return quoted.append('"').toString();
    }

    @Override
    public String toString() {
      return json + "}";
    }
  }
}
