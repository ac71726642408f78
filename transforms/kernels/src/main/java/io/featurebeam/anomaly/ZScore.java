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
 * How many standard deviations a value is from the mean of all values before it. Null and NaN get
 * no score and are not learned. NaN until {@code warmUp} values were seen; 0 while all were equal,
 * for then there is no measure, unless {@code leastSpread} gives one.
 *
 * @param leastSpread a smaller standard deviation is taken as this
 */
record ZScore(String column, int warmUp, double leastSpread) implements Scorer {

  static final int WARM_UP = 10;

  ZScore {
    Objects.requireNonNull(column, "column is null");
    Limits.warmUp(2, warmUp);
    Limits.leastSpread(leastSpread);
  }

  @Override
  public String id() {
    return "z_score(" + column + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  /** Three sigma: of a normal distribution, 27 of 10,000 values are further out. */
  @Override
  public Threshold usualThreshold() {
    return Threshold.fixed(3);
  }

  @Override
  public Scores newScores() {
    return new State();
  }

  private final class State extends Scores {
    private final RunningMoments moments = new RunningMoments();

    @Override
    protected double score(double[] values) {
      return moments.count() < warmUp
          ? Double.NaN
          : ratio(values[0] - moments.mean(), moments.stddev(), leastSpread);
    }

    @Override
    protected void learn(double[] values) {
      moments.add(values[0]);
    }

    @Override
    protected void save(DataOutput out) throws IOException {
      moments.save(out);
    }

    @Override
    protected void load(StateReader in) {
      moments.load(in);
    }
  }

  /** Makes it usable by name. */
  public static final class Provider implements ScorerProvider {
    @Override
    public String name() {
      return "z_score";
    }

    @Override
    public String description() {
      return "How many standard deviations a value is from the mean of those before it.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A column of numbers."),
          optional("warmUp", Parameter.Kind.INTEGER, "No score before so many values; 10."),
          optional("leastSpread", Parameter.Kind.NUMBER, "The least standard deviation; 0."));
    }

    @Override
    public Scorer create(Settings settings) {
      return new ZScore(
          settings.string("column"),
          Limits.toInt(settings.integer("warmUp", WARM_UP)),
          settings.number("leastSpread", 0));
    }
  }
}
