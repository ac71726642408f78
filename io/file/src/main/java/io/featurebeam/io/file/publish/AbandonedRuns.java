package io.featurebeam.io.file.publish;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs that this process gave up. Threads of its runner may write on for a while: what they leave
 * after the run's files were deleted they must delete themselves.
 */
public final class AbandonedRuns {

  private static final Set<String> RUN_IDS = ConcurrentHashMap.newKeySet();

  private AbandonedRuns() {}

  static void add(String runId) {
    RUN_IDS.add(runId);
  }

  /** Asked before a file is created and again when it is there, so that no moment is missed. */
  public static boolean contains(String runId) {
    return RUN_IDS.contains(runId);
  }
}
