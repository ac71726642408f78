package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What Flink really says is shown on a cluster. */
class DetachedTest {

  @Test
  void onlyWhatFlinkSaysOfASubmissionMeansThatTheRunGoesOn() {
    assertTrue(
        Detached.is(
            new IllegalStateException(
                "Pipeline execution failed",
                new IllegalArgumentException(
                    "Job was submitted in detached mode. Results of job execution are not"
                        + " available."))));
    assertFalse(Detached.is(new IllegalStateException("Pipeline execution failed")));
  }
}
