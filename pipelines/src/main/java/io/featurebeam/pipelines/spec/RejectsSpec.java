package io.featurebeam.pipelines.spec;

import java.util.Objects;

/**
 * Where rejects go.
 *
 * @param path the folder
 * @param format Parquet, or JSON lines
 */
public record RejectsSpec(String path, Format format) {

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
    return new RejectsSpec(path, Format.PARQUET);
  }

  /** Without the path: it may hold a secret. */
  @Override
  public String toString() {
    return SpecShape.word(format) + " rejects";
  }
}
