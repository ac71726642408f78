package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class VersionsTest {

  @Test
  void theBuildWritesTheProjectsVersion() {
    String version = Versions.project();
    assertTrue(version.matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"), version);
  }
}
