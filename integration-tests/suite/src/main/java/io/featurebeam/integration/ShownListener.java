package io.featurebeam.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes what the tests of a runner's module showed, each with how it went, to {@value #FILE}. What
 * a narrow run left out is in it as missing, so that nobody takes it for the whole.
 */
public final class ShownListener implements TestExecutionListener {

  /** In the folder of the module. */
  static final String FILE = "target/capabilities.tsv";

  private final Map<String, Shown.Outcome> outcomes = new TreeMap<>();

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    if (Runner.isKnown()) {
      delete(); // what an earlier build showed
    }
  }

  private static void delete() {
    try {
      Files.deleteIfExists(Path.of(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + FILE, e);
    }
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    note(
        test,
        switch (result.getStatus()) {
          case SUCCESSFUL -> Shown.Outcome.PASSED;
          case ABORTED -> Shown.Outcome.SKIPPED;
          case FAILED -> Shown.Outcome.FAILED;
        });
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    note(test, Shown.Outcome.SKIPPED);
  }

  /** A parameterized test is noted once for each run and once for itself: the worst stands. */
  private void note(TestIdentifier test, Shown.Outcome outcome) {
    if (test.getSource().orElse(null) instanceof MethodSource source) {
      outcomes.merge(
          Shown.name(source.getJavaClass(), source.getJavaMethod()),
          outcome,
          (a, b) -> a.compareTo(b) > 0 ? a : b);
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    if (Runner.isKnown()) { // else these are not the tests of a runner
      try {
        Files.write(Path.of(FILE), lines(Runner.current()));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot write " + FILE, e);
      }
    }
  }

  private List<String> lines(Runner runner) {
    List<String> lines = new ArrayList<>();
    for (Class<?> type :
        ReflectionSupport.findAllClassesInPackage(
            ShownListener.class.getPackageName(), found -> runsHere(found, runner), n -> true)) {
      for (Method method :
          ReflectionSupport.findMethods(
              type, ShownListener::isTest, HierarchyTraversalMode.TOP_DOWN)) {
        Shown.Outcome outcome =
            outcomes.getOrDefault(Shown.name(type, method), Shown.Outcome.MISSING);
        Shown.of(type, method, outcome, runner).forEach(shown -> lines.add(shown.line()));
      }
    }
    lines.sort(null);
    return lines;
  }

  /** Dataflow's module has tests of its own; the suite's run on every other runner. */
  private static boolean runsHere(Class<?> type, Runner runner) {
    return runner != Runner.DATAFLOW || !from(type).equals(from(ShownListener.class));
  }

  private static Object from(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  private static boolean isTest(Method method) {
    return AnnotationSupport.isAnnotated(method, Test.class)
        || AnnotationSupport.isAnnotated(method, ParameterizedTest.class);
  }
}
