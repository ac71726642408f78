package io.featurebeam.io.file.publish;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an output was made, so that it can be made again: what a manifest says beside what the output
 * is.
 *
 * @param runner such as FlinkRunner
 * @param code what ran
 * @param range which rows the last run computed; null for all
 * @param covers all that runs over ranges have computed, in order; null for everything
 * @param inputs what the last run read
 * @param specText the spec, line by line, with variables in place of what came from the environment
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Origin(
    String runner,
    Code code,
    @Nullable Range range,
    @Nullable List<Range> covers,
    List<Input> inputs,
    List<String> specText)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** How far a range without an end reaches, either way. */
  private static final String OPEN = "";

  /**
   * What ran.
   *
   * @param version of this project
   * @param commit from which it was built, if the build said so
   * @param classes SHA-256 of the project's classes and of extensions, if no commit is known
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Code(String version, @Nullable String commit, @Nullable String classes)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    public Code {
      Objects.requireNonNull(version, "code.version is missing");
    }

    /** For a person, in one word or a few. */
    @Override
    public String toString() {
      String build = commit != null ? "commit " + commit : classes;
      return build == null
          ? version
          : version
              + " ("
              + (commit != null ? "commit " : "classes ")
              + start(commit, classes)
              + ")";
    }

    private static String start(@Nullable String commit, @Nullable String classes) {
      String text = commit != null ? commit : String.valueOf(classes);
      return text.substring(0, Math.min(8, text.length()));
    }
  }

  /**
   * A part of event time: {@code 2001-01-01T00:00:00Z}, and the first time that is no part of it.
   *
   * @param from null from the beginning
   * @param to null to the end
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Range(@Nullable String from, @Nullable String to) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** What an input is. */
  public enum Kind {
    /** A file, by size and content. */
    FILE,
    /** An output of this project, by the content that its manifest tells. */
    DATASET,
    /** A part of a topic's partition, by offsets, which never hold anything else. */
    TOPIC,
    /** What an earlier run has learned: a file. */
    FITTED,
    /** Repaired records that took the place of rejected ones: a file. */
    REPAIRED,
    /** A source of a user's own, of which nothing is known. */
    OTHER
  }

  /**
   * Something that was read.
   *
   * @param kind what it is, in lower case
   * @param name a file, a folder or a topic
   * @param bytes of files
   * @param sha256 of a file, in hexadecimal digits; null if only its size was looked at
   * @param files of a data set
   * @param content of a data set, as its manifest tells it
   * @param partition of a topic
   * @param from the first offset
   * @param to the first offset that was not read
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Input(
      String kind,
      String name,
      @Nullable Long bytes,
      @Nullable String sha256,
      @Nullable Integer files,
      @Nullable String content,
      @Nullable Integer partition,
      @Nullable Long from,
      @Nullable Long to)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    /** By the name of a thing, and the partitions of a topic by number. */
    static final Comparator<Input> ORDER =
        Comparator.comparing(Input::name)
            .thenComparing(Input::kind)
            .thenComparingInt(i -> i.partition == null ? -1 : i.partition)
            .thenComparingLong(i -> i.from == null ? -1 : i.from);

    public Input {
      Objects.requireNonNull(kind, "kind of an input is missing");
      Objects.requireNonNull(name, "name of an input is missing");
    }

    public static Input file(String name, long bytes) {
      return file(Kind.FILE, name, bytes);
    }

    /** A file of another use than to be read as records. */
    public static Input file(Kind kind, String name, long bytes) {
      return new Input(word(kind), name, bytes, null, null, null, null, null, null);
    }

    public static Input dataset(String name, int files, long bytes, String content) {
      return new Input(word(Kind.DATASET), name, bytes, null, files, content, null, null, null);
    }

    public static Input topic(String name, int partition, long from, long to) {
      return new Input(word(Kind.TOPIC), name, null, null, null, null, partition, from, to);
    }

    public static Input other(String name) {
      return new Input(word(Kind.OTHER), name, null, null, null, null, null, null, null);
    }

    private static String word(Kind kind) {
      return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    public boolean is(Kind wanted) {
      return kind.equals(word(wanted));
    }

    public Input withSha256(String hash) {
      return new Input(kind, name, bytes, hash, files, content, partition, from, to);
    }

    public Input named(String newName) {
      return new Input(kind, newName, bytes, sha256, files, content, partition, from, to);
    }

    /** What tells it from others, as a person calls it. */
    public String title() {
      return partition == null ? name : name + ", partition " + partition;
    }
  }

  public Origin {
    Objects.requireNonNull(runner, "origin.runner is missing");
    Objects.requireNonNull(code, "origin.code is missing");
    covers = covers == null ? null : List.copyOf(covers);
    inputs =
        Objects.requireNonNull(inputs, "origin.inputs is missing").stream()
            .sorted(Input.ORDER)
            .toList();
    specText = List.copyOf(Objects.requireNonNull(specText, "origin.specText is missing"));
  }

  /** With the hashes of files by their names. */
  public Origin withHashes(Map<String, String> sha256) {
    return new Origin(
        runner,
        code,
        range,
        covers,
        inputs.stream()
            .map(i -> sha256.containsKey(i.name()) ? i.withSha256(sha256.get(i.name())) : i)
            .toList(),
        specText);
  }

  /**
   * Of a run over a range that was put into what {@code old} says, if it is known: what both cover,
   * and the repaired records that are still in it.
   */
  Origin over(@Nullable Origin old, boolean wasThere) {
    if (range == null) {
      return this;
    }
    List<Input> all = new ArrayList<>(inputs);
    if (old != null) {
      old.inputs.stream()
          .filter(
              i -> i.is(Kind.REPAIRED) && all.stream().noneMatch(a -> a.name().equals(i.name())))
          .forEach(all::add);
    }
    List<Range> covered;
    if (!wasThere) {
      covered = List.of(range);
    } else if (old == null || old.covers == null) {
      covered = null;
    } else {
      covered = joined(old.covers, range);
    }
    return new Origin(runner, code, range, covered, all, specText);
  }

  /** Ranges that meet become one; times of one form are in order as texts. */
  private static List<Range> joined(List<Range> ranges, Range more) {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.add(more);
    sorted.sort(Comparator.comparing(r -> Objects.requireNonNullElse(r.from(), OPEN)));
    List<Range> joined = new ArrayList<>();
    for (Range next : sorted) {
      Range last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      boolean meet =
          last != null
              && (last.to() == null
                  || next.from() == null
                  || last.to().compareTo(next.from()) >= 0);
      if (!meet) {
        joined.add(next);
      } else {
        String to =
            last.to() == null || next.to() == null
                ? null
                : last.to().compareTo(next.to()) >= 0 ? last.to() : next.to();
        joined.set(joined.size() - 1, new Range(last.from(), to));
      }
    }
    return joined;
  }
}
