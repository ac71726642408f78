package io.featurebeam.integration;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * That a test showed something, or did not; a line of the file that a runner's module leaves.
 *
 * @param what a row, or {@link Shows#ALL}
 * @param test the class and the method
 */
record Shown(Outcome outcome, Shows.Mode mode, String what, String test) {

  /** How it went; a later one outweighs an earlier one where a test runs several times. */
  enum Outcome {
    PASSED,
    REFUSED,
    SKIPPED,
    FAILED,
    /** The run was of other tests. */
    MISSING
  }

  /** What a test says that it shows on this runner, with how it went. */
  static List<Shown> of(Class<?> type, Method method, Outcome outcome, Runner runner) {
    List<Shown> all = new ArrayList<>();
    for (Shows shows : of(type, method)) {
      List<Runner> refusedOn = List.of(shows.refusedOn());
      if (!refusedOn.isEmpty() && !refusedOn.contains(runner)) {
        continue;
      }
      Outcome shown = outcome == Outcome.PASSED && !refusedOn.isEmpty() ? Outcome.REFUSED : outcome;
      for (Shows.Mode mode : shows.mode()) {
        for (String what : shows.value()) {
          all.add(new Shown(shown, mode, what, name(type, method)));
        }
      }
    }
    return all;
  }

  private static List<Shows> of(Class<?> type, Method method) {
    return Stream.of(type.getAnnotation(Shows.class), method.getAnnotation(Shows.class))
        .filter(shows -> shows != null)
        .toList();
  }

  static String name(Class<?> type, Method method) {
    return type.getSimpleName() + "." + method.getName();
  }

  String line() {
    return String.join("\t", outcome.name(), mode.name(), what, test);
  }

  static Shown parse(String line) {
    String[] parts = line.split("\t", -1);
    return new Shown(Outcome.valueOf(parts[0]), Shows.Mode.valueOf(parts[1]), parts[2], parts[3]);
  }
}
