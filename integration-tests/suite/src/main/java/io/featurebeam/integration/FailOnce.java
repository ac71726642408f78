package io.featurebeam.integration;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.rule.Checker;
import io.featurebeam.rule.Rule;
import io.featurebeam.rule.RuleProvider;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rule that every record satisfies, and that breaks the worker, once in a JVM, when a certain
 * value comes by.
 *
 * @param column a float64 column
 * @param at the value
 */
record FailOnce(String column, double at) implements Rule {

  private static final Logger LOG = LoggerFactory.getLogger(FailOnce.class);
  private static final AtomicBoolean FAILED = new AtomicBoolean();

  @Override
  public String id() {
    return "fail_once(" + column + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    return new Checker() {
      @Override
      public Bitmap check(RecordBatch batch) {
        DoubleColumn values = batch.doubles(column);
        for (int i = 0; i < batch.size(); i++) {
          if (values.get(i) == at && FAILED.compareAndSet(false, true)) {
            LOG.warn("The worker fails once, as the test wants");
            throw new IllegalStateException("as the test wants");
          }
        }
        return Bitmap.ones(batch.size());
      }

      @Override
      public String observed(RecordBatch batch, int row) {
        return String.valueOf(batch.value(row, column));
      }

      @Override
      public String reason(RecordBatch batch, int row) {
        return column + " is " + observed(batch, row);
      }
    };
  }

  /** {@code rule: fail_once}. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "fail_once";
    }

    @Override
    public String description() {
      return "Breaks the worker once.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "A float64 column."),
          Parameter.required("at", Parameter.Kind.NUMBER, "At this value."));
    }

    @Override
    public Rule create(Settings settings) {
      return new FailOnce(settings.string("column"), settings.number("at"));
    }
  }
}
