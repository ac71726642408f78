package io.featurebeam.runners;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JavaOpensTest {

  private static List<String> missing(String runner, String open) {
    return JavaOpens.missing(new String[] {"--runner=" + runner}, open::equals);
  }

  @Test
  void whatIsNotOpenIsMissing() {
    assertEquals(12, missing("FlinkRunner", "").size());
    assertEquals(11, missing("FlinkRunner", "java.base/java.lang").size());
    assertEquals(15, missing("SparkRunner", "").size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "DataflowRunner"})
  void runnersWithoutAnEngineNeedNone(String runner) {
    assertEquals(List.of(), missing(runner, ""));
  }

  /** The build opens for its tests what engines need. */
  @ParameterizedTest
  @ValueSource(strings = {"FlinkRunner", "SparkRunner"})
  void thisJvmHasThemOpen(String runner) {
    assertEquals(List.of(), JavaOpens.missing("--runner=" + runner));
  }
}
