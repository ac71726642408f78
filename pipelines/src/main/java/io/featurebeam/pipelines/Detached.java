package io.featurebeam.pipelines;

import io.featurebeam.pipelines.cli.Cli;

/**
 * Whether a run was submitted and left alone: {@code flink run -d}. Beam waits for it all the same,
 * and fails when Flink tells it so; the job goes on.
 */
final class Detached {

  private static final String FLINKS_WORDS = "Job was submitted in detached mode.";

  private Detached() {}

  static boolean is(Throwable thrown) {
    return Cli.causes(thrown).contains(FLINKS_WORDS);
  }
}
