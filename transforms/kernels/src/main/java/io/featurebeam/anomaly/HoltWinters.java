package io.featurebeam.anomaly;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * How far a value is from a forecast by level, trend and season, which are added (Winters 1960, as
 * in Hyndman and Athanasopoulos, "Forecasting", chapter 8.3), in root mean squares of the errors
 * before it. For values at even distances in time, {@code period} to a season. Null and NaN get no
 * score and are not learned, nor do they count as a place in the season: fill gaps first.
 *
 * <p>The first two seasons get no score: they give the level (the mean of the first), the trend
 * (from the mean of the first to that of the second) and the season (what is left of the first),
 * and the errors of the second are the first. Where all errors are 0 the score is 0, unless {@code
 * leastSpread} gives a measure.
 *
 * @param alpha how much of an error goes to the level, 0 to 1
 * @param beta how much of a change of the level goes to the trend
 * @param gamma how much of an error goes to the season
 * @param leastSpread a smaller root mean square is taken as this
 */
record HoltWinters(
    String column, int period, double alpha, double beta, double gamma, double leastSpread)
    implements Scorer {

  static final double ALPHA = 0.3;
  static final double BETA = 0.1;
  static final double GAMMA = 0.1;

  private static final int MAX_PERIOD = 10_000;

  HoltWinters {
    Objects.requireNonNull(column, "column is null");
    if (period < 2 || period > MAX_PERIOD) {
      throw new IllegalArgumentException(
          "Invalid period: " + period + " (must be 2 to " + MAX_PERIOD + ")");
    }
    Limits.share("alpha", alpha);
    Limits.share("beta", beta);
    Limits.share("gamma", gamma);
    Limits.leastSpread(leastSpread);
  }

  @Override
  public String id() {
    return "holt_winters(" + column + ", " + period + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  /** Three times the usual error. */
  @Override
  public Threshold usualThreshold() {
    return Threshold.fixed(3);
  }

  @Override
  public Scores newScores() {
    return new State();
  }

  private final class State extends Scores {
    private static final long MAX = 1L << 52;

    /** The first two seasons; then only the first {@code period} places count, as the season. */
    private double[] season = new double[2 * period];

    private long count;
    private double level;
    private double trend;
    private double squares;

    @Override
    protected double score(double[] values) {
      if (count < 2L * period) {
        return Double.NaN;
      }
      double spread = Math.sqrt(squares / (count - period));
      return ratio(values[0] - forecast(), spread, leastSpread);
    }

    private int place() {
      return (int) (count % period);
    }

    private double forecast() {
      return level + trend + season[place()];
    }

    @Override
    protected void learn(double[] values) {
      if (count >= 2L * period) {
        move(values[0]);
        return;
      }
      season[(int) count++] = values[0];
      if (count == 2L * period) {
        begin();
      }
    }

    private void begin() {
      double[] values = season;
      double first = Arrays.stream(values, 0, period).average().orElse(0);
      double second = Arrays.stream(values, period, 2 * period).average().orElse(0);
      trend = (second - first) / period;
      level = first + trend * (period - 1) / 2; // a mean is of the middle of its season
      season = new double[period];
      for (int i = 0; i < period; i++) {
        season[i] = values[i] - (level - trend * (period - 1 - i));
      }
      count = period;
      for (int i = period; i < 2 * period; i++) {
        move(values[i]);
      }
    }

    private void move(double value) {
      int place = place();
      double error = value - forecast();
      squares += error * error;
      double base = level + trend;
      double next = alpha * (value - season[place]) + (1 - alpha) * base;
      season[place] = gamma * (value - base) + (1 - gamma) * season[place];
      trend = beta * (next - level) + (1 - beta) * trend;
      level = next;
      count++;
    }

    @Override
    protected void save(DataOutput out) throws IOException {
      out.writeLong(count);
      out.writeDouble(level);
      out.writeDouble(trend);
      out.writeDouble(squares);
      for (int i = 0; i < kept(); i++) {
        out.writeDouble(season[i]);
      }
    }

    private int kept() {
      return count < 2L * period ? (int) count : period;
    }

    @Override
    protected void load(StateReader in) {
      count = in.readCount(MAX, "the number of values");
      level = in.readDouble();
      trend = in.readDouble();
      squares = in.readDouble();
      season = new double[count < 2L * period ? 2 * period : period];
      for (int i = 0; i < kept(); i++) {
        season[i] = in.readDouble();
      }
    }
  }

  /** Makes it usable by name. */
  public static final class Provider implements ScorerProvider {
    @Override
    public String name() {
      return "holt_winters";
    }

    @Override
    public String description() {
      return "How far a value is from a forecast by level, trend and season.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A column of numbers."),
          required("period", Parameter.Kind.INTEGER, "How many values make a season."),
          optional("alpha", Parameter.Kind.NUMBER, "How fast the level follows, 0 to 1; 0.3."),
          optional("beta", Parameter.Kind.NUMBER, "How fast the trend follows, 0 to 1; 0.1."),
          optional("gamma", Parameter.Kind.NUMBER, "How fast the season follows, 0 to 1; 0.1."),
          optional("leastSpread", Parameter.Kind.NUMBER, "The least usual error; 0."));
    }

    @Override
    public Scorer create(Settings settings) {
      return new HoltWinters(
          settings.string("column"),
          Limits.toInt(settings.integer("period")),
          settings.number("alpha", ALPHA),
          settings.number("beta", BETA),
          settings.number("gamma", GAMMA),
          settings.number("leastSpread", 0));
    }
  }
}
