package io.featurebeam.integration;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a test shows of the runner that it passes on: rows of the table in {@code
 * docs/capabilities.md}, which is made of these and of how the tests went. On a class it holds for
 * each of its tests, beside what stands on the test.
 *
 * <pre>{@code
 * @Test
 * @Shows({"source.csv", "aggregate.emit.windowClose"})
 * void csvInADialect() { ... }
 * }</pre>
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@interface Shows {

  /** In the place of rows: every one. */
  String ALL = "*";

  /** Whether records end, or come for ever. */
  enum Mode {
    BATCH,
    STREAM
  }

  /** Keys and words of the spec by their path, and flags: {@code sink.parquet}, {@code --from}. */
  String[] value();

  /** Of the run; both if the test runs both. */
  Mode[] mode() default Mode.BATCH;

  /**
   * The runners on which the test shows that this is refused by name. Where there are some, it says
   * nothing of the others.
   */
  Runner[] refusedOn() default {};
}
