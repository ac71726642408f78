package io.featurebeam.anomaly;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * A control chart of an exponentially weighted mean (Roberts 1959), which finds a small shift that
 * lasts: z = lambda x + (1 - lambda) z, beginning at the target; the score is how far z with the
 * value is from the target, in its standard deviations sigma sqrt(lambda / (2 - lambda) (1 - (1 -
 * lambda)^(2 t))). Null and NaN get no score and are not learned.
 *
 * <p>Target and sigma are given, or else the mean and standard deviation of the first {@code
 * warmUp} values, which get no score, and then stay. Where sigma is 0 the score is 0, unless {@code
 * leastSpread} gives one.
 *
 * @param mean the target; NaN if it is learned, as then is {@code stddev}
 * @param leastSpread a smaller sigma is taken as this
 */
record EwmaChart(
    String column, double lambda, int warmUp, double mean, double stddev, double leastSpread)
    implements Scorer {

  static final double LAMBDA = 0.2;
  static final int WARM_UP = 30;

  EwmaChart {
    Objects.requireNonNull(column, "column is null");
    if (!(lambda > 0 && lambda <= 1)) {
      throw new IllegalArgumentException(
          "Invalid lambda: " + lambda + " (must be above 0 and at most 1)");
    }
    Limits.warmUp(2, warmUp);
    Limits.leastSpread(leastSpread);
    if (Double.isNaN(mean) != Double.isNaN(stddev)) {
      throw new IllegalArgumentException(
          "Invalid mean: " + mean + " with stddev " + stddev + " (give both, or none)");
    }
    if (Double.isInfinite(mean) || stddev < 0 || stddev > Double.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Invalid stddev: " + stddev + " of mean " + mean + " (both finite, and it from 0)");
    }
  }

  private boolean isGiven() {
    return !Double.isNaN(mean);
  }

  @Override
  public String id() {
    return "ewma_chart(" + column + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  /** Three sigma, as in other control charts. */
  @Override
  public Threshold usualThreshold() {
    return Threshold.fixed(3);
  }

  @Override
  public Scores newScores() {
    return new State();
  }

  private final class State extends Scores {
    private final RunningMoments first = new RunningMoments();
    private double ewma = isGiven() ? mean : 0;

    /** (1 - lambda)^(2 t) */
    private double decay = 1;

    private boolean isReady() {
      return isGiven() || first.count() >= warmUp;
    }

    private double moved(double value) {
      return lambda * value + (1 - lambda) * ewma;
    }

    private double nextDecay() {
      return decay * (1 - lambda) * (1 - lambda);
    }

    @Override
    protected double score(double[] values) {
      if (!isReady()) {
        return Double.NaN;
      }
      double target = isGiven() ? mean : first.mean();
      double sigma = Math.max(isGiven() ? stddev : first.stddev(), leastSpread);
      double width = sigma * Math.sqrt(lambda / (2 - lambda) * (1 - nextDecay()));
      return ratio(moved(values[0]) - target, width, 0);
    }

    @Override
    protected void learn(double[] values) {
      if (isReady()) {
        ewma = moved(values[0]);
        decay = nextDecay();
      } else {
        first.add(values[0]);
        ewma = first.mean();
      }
    }

    @Override
    protected void save(DataOutput out) throws IOException {
      first.save(out);
      out.writeDouble(ewma);
      out.writeDouble(decay);
    }

    @Override
    protected void load(StateReader in) {
      first.load(in);
      ewma = in.readDouble();
      decay = in.readNotNegative("the decay");
    }
  }

  /** Makes it usable by name. */
  public static final class Provider implements ScorerProvider {
    @Override
    public String name() {
      return "ewma_chart";
    }

    @Override
    public String description() {
      return "A control chart of an exponentially weighted mean: finds small shifts that last.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A column of numbers."),
          optional("lambda", Parameter.Kind.NUMBER, "The weight of a new value, 0 to 1; 0.2."),
          optional(
              "warmUp",
              Parameter.Kind.INTEGER,
              "Of so many first values mean and standard deviation are taken; 30."),
          optional("mean", Parameter.Kind.NUMBER, "The target, with stddev, instead of that."),
          optional("stddev", Parameter.Kind.NUMBER, "The standard deviation, with mean."),
          optional("leastSpread", Parameter.Kind.NUMBER, "The least standard deviation; 0."));
    }

    @Override
    public Scorer create(Settings settings) {
      return new EwmaChart(
          settings.string("column"),
          settings.number("lambda", LAMBDA),
          Limits.toInt(settings.integer("warmUp", WARM_UP)),
          settings.number("mean", Double.NaN),
          settings.number("stddev", Double.NaN),
          settings.number("leastSpread", 0));
    }
  }
}
