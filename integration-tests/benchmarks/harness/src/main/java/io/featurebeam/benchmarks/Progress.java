package io.featurebeam.benchmarks;

/**
 * Tells the harness, on standard output, when a contender's engine is up and when its work is done.
 *
 * <p>{@link #started()} comes after the engine's own start-up (session, database) and before the
 * first byte of input is opened; {@link #done} after the last byte of output is in place. The time
 * between is the steady state; the harness measures the whole process itself.
 */
public final class Progress {
  /** Begins every line that the harness reads; all other output of a contender is ignored. */
  static final String PREFIX = "FEATUREBEAM_BENCH ";

  private Progress() {}

  public static void started() {
    print("{\"phase\":\"started\",\"millis\":" + System.currentTimeMillis() + "}");
  }

  /**
   * Says that the work is done.
   *
   * @param rejected how many records broke a rule, or -1 if the contender cannot tell
   */
  public static void done(long rejected) {
    print(
        "{\"phase\":\"done\",\"millis\":"
            + System.currentTimeMillis()
            + ",\"rejected\":"
            + rejected
            + "}");
  }

  private static void print(String json) {
    System.out.println(PREFIX + json);
    System.out.flush();
  }
}
