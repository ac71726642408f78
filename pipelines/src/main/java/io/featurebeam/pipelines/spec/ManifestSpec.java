package io.featurebeam.pipelines.spec;

import java.util.Objects;

/**
 * What the manifest of an output says and keeps.
 *
 * @param inputs how the files that were read are known again
 * @param versions how many manifests of earlier runs are kept
 */
public record ManifestSpec(Inputs inputs, long versions) {

  /** Hashes of inputs, and a hundred earlier manifests. */
  public static final ManifestSpec DEFAULT = new ManifestSpec(Inputs.HASHES, 100);

  private static final long MOST = 10_000;

  /** How a file is known again. */
  public enum Inputs {
    /** By its size and the SHA-256 of its content, for which it is read once more. */
    HASHES,
    /** By its size alone. */
    SIZES
  }

  public ManifestSpec {
    Objects.requireNonNull(inputs, "inputs is null");
    if (versions < 0 || versions > MOST) {
      throw new IllegalArgumentException(
          "Invalid versions: " + versions + " (must be between 0 and " + MOST + ")");
    }
  }
}
