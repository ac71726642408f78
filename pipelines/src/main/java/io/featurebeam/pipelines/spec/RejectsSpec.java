package io.featurebeam.pipelines.spec;

import java.util.Objects;

/**
 * Where rejects go.
 *
 * @param path the folder
 * @param format Parquet, or JSON lines
 * @param overwrite whether what others published or put there may be replaced
 */
public record RejectsSpec(String path, Format format, boolean overwrite) {

  /** The file format of rejects. */
  public enum Format {
    PARQUET,
    JSON
  }

  public RejectsSpec {
    Names.path("rejects path", path);
    Objects.requireNonNull(format, "format is null");
  }

  /** Rejects as Parquet below {@code path}. */
  public static RejectsSpec parquet(String path) {
    return new RejectsSpec(path, Format.PARQUET, false);
  }

  /** Rejects as JSON lines below {@code path}. */
  public static RejectsSpec json(String path) {
    return new RejectsSpec(path, Format.JSON, false);
  }

  /** Without the path: it may hold a secret. */
  @Override
  public String toString() {
    return SpecShape.word(format) + " rejects";
  }
}
