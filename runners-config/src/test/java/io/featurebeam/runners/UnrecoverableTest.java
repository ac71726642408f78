package io.featurebeam.runners;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** That Flink does not start such a job again is shown on a cluster. */
class UnrecoverableTest {

  @Test
  void withoutFlinkItIsAnOrdinaryFailure() {
    RuntimeException failure = Unrecoverable.of("Cannot go on");
    assertEquals(IllegalStateException.class, failure.getClass());
    assertEquals("Cannot go on", failure.getMessage());
  }
}
