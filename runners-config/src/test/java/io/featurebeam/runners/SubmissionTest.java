package io.featurebeam.runners;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

/** That engines' own loaders are known is shown where a cluster runs the job jars. */
class SubmissionTest {

  @Test
  void anOrdinaryProgramIsNotSubmitted() throws Exception {
    assertNull(Submission.engine());
    assertNull(Submission.engine(null));
    try (URLClassLoader mavens = new URLClassLoader(new URL[0])) {
      assertNull(Submission.engine(mavens));
    }
  }
}
