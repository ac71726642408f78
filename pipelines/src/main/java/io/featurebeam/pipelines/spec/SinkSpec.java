package io.featurebeam.pipelines.spec;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the output is written and how.
 *
 * @param format the file format
 * @param path the folder, of any file system that Beam knows
 * @param partitionBy the folders below it, outermost first; empty for none
 * @param compression null for the format's default (parquet: zstd, any other: none)
 * @param fileSize about how many bytes a file grows to
 * @param overwrite whether output that is not this pipeline's own may be replaced
 * @param kafka the topic, in which rows are messages and the rest means nothing; null for files
 * @param redis the group in Redis, in which the rest means nothing either; null for others
 * @param jdbc the table of a database, in which the rest means nothing either; null for others
 * @param where a CEL condition over the columns of the output: only rows for which it is true are
 *     written; null for all
 * @param manifest what the manifest of a folder says and keeps
 */
public record SinkSpec(
    Format format,
    String path,
    List<Partition> partitionBy,
    @Nullable Compression compression,
    long fileSize,
    boolean overwrite,
    @Nullable KafkaSink kafka,
    @Nullable RedisSink redis,
    @Nullable JdbcSink jdbc,
    @Nullable String where,
    ManifestSpec manifest) {

  /** 128 MiB. */
  public static final long DEFAULT_FILE_SIZE = 128L << 20;

  /** The file format, or none of them. */
  public enum Format {
    PARQUET,
    JSON,
    CSV,
    TFRECORD,
    NUMPY,
    KAFKA,
    REDIS,
    JDBC
  }

  /** How files are compressed; each format takes some of them. */
  public enum Compression {
    NONE,
    SNAPPY,
    GZIP,
    ZSTD,
    LZ4
  }

  /**
   * A level of folders: {@code day(date)}, {@code country}.
   *
   * @param unit what part of a timestamp or date column, in UTC; VALUE is the value itself
   */
  public record Partition(Unit unit, String column) {

    /** What names a folder. */
    public enum Unit {
      VALUE,
      YEAR,
      MONTH,
      DAY,
      HOUR
    }

    public Partition {
      Objects.requireNonNull(unit, "unit is null");
      if (column.isBlank()) {
        throw new IllegalArgumentException("Invalid partition column: '' (must not be empty)");
      }
    }

    /** The partition that {@link #toString()} prints. */
    public static Partition parse(String text) {
      int open = text.indexOf('(');
      if (open < 0 || !text.endsWith(")")) {
        return new Partition(Unit.VALUE, text);
      }
      Unit unit =
          switch (text.substring(0, open)) {
            case "year" -> Unit.YEAR;
            case "month" -> Unit.MONTH;
            case "day" -> Unit.DAY;
            case "hour" -> Unit.HOUR;
            default ->
                throw new IllegalArgumentException(
                    "Invalid partition: '"
                        + text
                        + "' (must be a column or year, month, day or hour of one); use for example"
                        + " day(date)");
          };
      return new Partition(unit, text.substring(open + 1, text.length() - 1).strip());
    }

    @Override
    public String toString() {
      return switch (unit) {
        case VALUE -> column;
        case YEAR -> "year(" + column + ")";
        case MONTH -> "month(" + column + ")";
        case DAY -> "day(" + column + ")";
        case HOUR -> "hour(" + column + ")";
      };
    }
  }

  public SinkSpec {
    Objects.requireNonNull(format, "format is null");
    Names.path("sink path", path);
    partitionBy = List.copyOf(partitionBy);
    Objects.requireNonNull(manifest, "manifest is null");
    if ((format == Format.KAFKA) != (kafka != null)) {
      throw new IllegalArgumentException(
          "Invalid format: " + format + " (a topic has a kafka section, files have none)");
    }
    if ((format == Format.REDIS) != (redis != null)) {
      throw new IllegalArgumentException(
          "Invalid format: " + format + " (a store has a redis section, others have none)");
    }
    if ((format == Format.JDBC) != (jdbc != null)) {
      throw new IllegalArgumentException(
          "Invalid format: " + format + " (a table has a jdbc section, others have none)");
    }
    if (fileSize <= 0) {
      throw new IllegalArgumentException("Invalid fileSize: " + fileSize + " (must be > 0)");
    }
    if (compression != null && !taken(format).contains(compression)) {
      throw new IllegalArgumentException(
          "Invalid compression: "
              + SpecShape.word(compression)
              + " for "
              + SpecShape.word(format)
              + " (must be none"
              + (taken(format).contains(Compression.ZSTD) ? ", gzip or zstd)" : " or gzip)"));
    }
  }

  private static Set<Compression> taken(Format format) {
    return switch (format) {
      case PARQUET -> EnumSet.allOf(Compression.class);
      case JSON, CSV, KAFKA, REDIS, JDBC ->
          EnumSet.of(Compression.NONE, Compression.GZIP, Compression.ZSTD);
      case TFRECORD, NUMPY -> EnumSet.of(Compression.NONE, Compression.GZIP);
    };
  }

  /** Files. */
  public SinkSpec(
      Format format,
      String path,
      List<Partition> partitionBy,
      @Nullable Compression compression,
      long fileSize,
      boolean overwrite) {
    this(
        format,
        path,
        partitionBy,
        compression,
        fileSize,
        overwrite,
        null,
        null,
        null,
        null,
        ManifestSpec.DEFAULT);
  }

  /** A topic. */
  public static SinkSpec kafka(KafkaSink kafka) {
    return noFiles(Format.KAFKA, "kafka:" + kafka.topic(), kafka, null, null);
  }

  /** The newest row of each key in Redis. */
  public static SinkSpec redis(RedisSink redis) {
    String path = redis.group() == null ? "redis" : "redis:" + redis.group();
    return noFiles(Format.REDIS, path, null, redis, null);
  }

  /** The newest row of each key in a table of a database. */
  public static SinkSpec jdbc(JdbcSink jdbc) {
    String path = jdbc.table() == null ? "jdbc" : "jdbc:" + jdbc.table();
    return noFiles(Format.JDBC, path, null, null, jdbc);
  }

  private static SinkSpec noFiles(
      Format format,
      String path,
      @Nullable KafkaSink kafka,
      @Nullable RedisSink redis,
      @Nullable JdbcSink jdbc) {
    return new SinkSpec(
        format,
        path,
        List.of(),
        null,
        DEFAULT_FILE_SIZE,
        false,
        kafka,
        redis,
        jdbc,
        null,
        ManifestSpec.DEFAULT);
  }

  /** Parquet files below {@code path}, not partitioned. */
  public static SinkSpec parquet(String path) {
    return new SinkSpec(Format.PARQUET, path, List.of(), null, DEFAULT_FILE_SIZE, false);
  }

  public SinkSpec partitionedBy(String... partitions) {
    List<Partition> parsed = List.of(partitions).stream().map(Partition::parse).toList();
    return new SinkSpec(
        format,
        path,
        parsed,
        compression,
        fileSize,
        overwrite,
        kafka,
        redis,
        jdbc,
        where,
        manifest);
  }

  /** The same of the rows for which a CEL condition is true; null for all. */
  public SinkSpec where(@Nullable String cel) {
    return new SinkSpec(
        format,
        path,
        partitionBy,
        compression,
        fileSize,
        overwrite,
        kafka,
        redis,
        jdbc,
        cel,
        manifest);
  }

  /** The same with a manifest that says and keeps this. */
  public SinkSpec manifest(ManifestSpec newManifest) {
    return new SinkSpec(
        format,
        path,
        partitionBy,
        compression,
        fileSize,
        overwrite,
        kafka,
        redis,
        jdbc,
        where,
        newManifest);
  }

  /** The same in another folder. */
  public SinkSpec at(String newPath) {
    return new SinkSpec(
        format,
        newPath,
        partitionBy,
        compression,
        fileSize,
        overwrite,
        kafka,
        redis,
        jdbc,
        where,
        manifest);
  }

  /** Whether it is a folder of files. */
  public boolean isFiles() {
    return format != Format.KAFKA && !isStore();
  }

  /** Whether it keeps the newest row of each key, for services to look up. */
  public boolean isStore() {
    return redis != null || jdbc != null;
  }

  /**
   * The word in YAML: {@code parquet}, {@code tfrecord}, {@code kafka}, {@code redis} or {@code
   * jdbc}.
   */
  public String kind() {
    return SpecShape.word(format);
  }

  /** Without the path: it may hold a secret. */
  @Override
  public String toString() {
    return kind() + " sink" + (partitionBy.isEmpty() ? "" : " by " + partitionBy);
  }
}
