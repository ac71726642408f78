package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.BatchPrinter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong, so that one run of the parser tells everything. */
final class Problems {

  /** Enough for a person; more would let a hostile file fill the memory with errors. */
  private static final int LIMIT = 200;

  private static final Comparator<SpecProblem> IN_ORDER =
      Comparator.comparing((SpecProblem p) -> p.location().line() == 0)
          .thenComparingInt(p -> p.location().line())
          .thenComparingInt(p -> p.location().column());

  private final List<SpecProblem> found = new ArrayList<>();
  private final List<Exception> traces = new ArrayList<>();
  private Secrets secrets = Secrets.NONE;

  /** From now on messages show variables in place of their values. */
  void redactWith(Secrets newSecrets) {
    this.secrets = newSecrets;
  }

  void add(Location location, String path, String message) {
    if (found.size() < LIMIT) {
      found.add(new SpecProblem(location, path, shown(message)));
    }
  }

  private String shown(String message) {
    return secrets
        .redact(message)
        .lines() // an expression's error shows the expression in lines of its own
        .map(BatchPrinter::escape)
        .collect(Collectors.joining("\n    "));
  }

  /** An error about a node: also values too short to search for elsewhere are hidden. */
  void add(Node node, String path, String message) {
    add(node.location(), path, node.redact(message));
  }

  /**
   * What a rule, feature, aggregate or source did not mean to throw: an error of its code, not of
   * the file.
   */
  void addFailure(Node node, String path, String name, Throwable failure) {
    addFailure(node.location(), path, node.redact(failed(name, failure)), failure.getStackTrace());
  }

  void addFailure(Location location, String path, String name, Throwable failure) {
    addFailure(location, path, failed(name, failure), failure.getStackTrace());
  }

  private void addFailure(
      Location location, String path, String message, StackTraceElement[] stack) {
    add(location, path, message + " (--verbose shows where)");
    if (traces.size() < LIMIT) {
      Exception trace = new Exception(shown(message)); // the failure itself may show secrets
      trace.setStackTrace(stack);
      traces.add(trace);
    }
  }

  private static String failed(String name, Throwable failure) {
    return "'" + name + "' itself failed: " + failure;
  }

  int count() {
    return found.size();
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw exception(null);
    }
  }

  /** What was found, and in what it was noticed. */
  SpecException exception(@Nullable Throwable noticed) {
    found.sort(IN_ORDER);
    SpecException thrown = new SpecException(found, noticed);
    traces.forEach(thrown::addSuppressed);
    return thrown;
  }
}
