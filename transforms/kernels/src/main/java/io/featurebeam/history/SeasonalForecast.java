package io.featurebeam.history;

import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleBounds;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.BOBYQAOptimizer;

/**
 * A value is further from its forecast than {@value #WIDTH} deviations of the errors before.
 * Deequ's HoltWinters: level, trend and season are added; they are learned from all points before
 * the first that is judged, of which there must be two seasons, and forecast all that are judged at
 * once. Alpha, beta and gamma are those of 0 to 1 whose squared errors are least, searched from
 * 0.3, 0.1 and 0.1; the search is another than Deequ's, so the last digits of a forecast may
 * differ. The deviation is, as there, that of the errors' sizes.
 */
record SeasonalForecast(int period) implements HistoryDetector {

  private static final double WIDTH = 1.96;

  /** Of a series that repeats without an error, what is left of computing it is no misfit. */
  private static final double ROUNDING = 1e-9;

  private static final int MAX_PERIOD = 10_000;
  private static final double[] START = {0.3, 0.1, 0.1};
  private static final int MAX_TRIES = 10_000;

  SeasonalForecast {
    if (period < 2 || period > MAX_PERIOD) {
      throw new IllegalArgumentException(
          "Invalid period: " + period + " (must be 2 to " + MAX_PERIOD + ")");
    }
  }

  @Override
  public String id() {
    return "holt_winters(" + period + ")";
  }

  @Override
  public List<Misfit> find(double[] series, int from, int to) {
    List<Misfit> misfits = new ArrayList<>();
    if (from >= to) {
      return misfits;
    }
    if (from < 2 * period) {
      throw new IllegalArgumentException(
          "Too few points for "
              + id()
              + ": "
              + from
              + " before the first that is judged (must be at least "
              + 2 * period
              + ", two seasons)");
    }
    double[] before = Arrays.copyOf(series, from);
    double[] found = search(before);
    Model model = Model.of(before, period, to - from, found);
    double deviation = deviationOfSizes(model.errors);
    for (int i = from; i < to; i++) {
      double forecast = model.forecasts[i - from];
      double rounding = ROUNDING * (Math.abs(series[i]) + Math.abs(forecast));
      if (Math.abs(series[i] - forecast) > Math.max(WIDTH * deviation, rounding)) {
        misfits.add(
            new Misfit(
                i,
                "the forecast is "
                    + MetricHistory.number(forecast)
                    + " "
                    + MetricHistory.bounds(
                        forecast - WIDTH * deviation, forecast + WIDTH * deviation)));
      }
    }
    return misfits;
  }

  private double[] search(double[] before) {
    Best best = new Best();
    try {
      new BOBYQAOptimizer(7, 0.1, 1e-9) // as far as the start is from a bound
          .optimize(
              new MaxEval(MAX_TRIES),
              new ObjectiveFunction(point -> best.offer(point, sumOfSquares(before, point))),
              GoalType.MINIMIZE,
              new SimpleBounds(new double[] {0, 0, 0}, new double[] {1, 1, 1}),
              new InitialGuess(START));
    } catch (MathIllegalStateException e) {
      return best.point; // rounding leaves nothing to gain, as where no point has an error
    }
    return best.point;
  }

  /** The best point so far; of equal ones the first. */
  private static final class Best {
    private double[] point = START;
    private double value = Double.POSITIVE_INFINITY;

    double offer(double[] tried, double result) {
      if (result < value) {
        value = result;
        point = tried.clone();
      }
      return result;
    }
  }

  private double sumOfSquares(double[] before, double[] parameters) {
    double sum = 0;
    for (double error : Model.of(before, period, 0, parameters).errors) {
      sum += error * error;
    }
    return sum;
  }

  private static double deviationOfSizes(double[] errors) {
    double mean = Arrays.stream(errors).map(Math::abs).average().orElse(0);
    double squares = 0;
    for (double error : errors) {
      squares += (Math.abs(error) - mean) * (Math.abs(error) - mean);
    }
    return Math.sqrt(squares / (errors.length - 1));
  }

  /** Errors of each known point, and forecasts of those after them. */
  private static final class Model {
    private final double[] errors;
    private final double[] forecasts;

    private Model(double[] errors, double[] forecasts) {
      this.errors = errors;
      this.forecasts = forecasts;
    }

    static Model of(double[] known, int period, int ahead, double[] parameters) {
      double alpha = parameters[0];
      double beta = parameters[1];
      double gamma = parameters[2];
      double first = Arrays.stream(known, 0, period).sum();
      double second = Arrays.stream(known, period, 2 * period).sum();
      double level = first / period;
      double trend = (second - first) / ((double) period * period);
      double[] season = new double[period];
      for (int i = 0; i < period; i++) {
        season[i] = known[i] - level;
      }
      double[] errors = new double[known.length];
      double[] forecasts = new double[ahead];
      for (int t = 0; t < known.length + ahead; t++) {
        int place = t % period;
        double expected = level + trend + season[place];
        double value = t < known.length ? known[t] : expected;
        if (t < known.length) {
          errors[t] = value - expected;
        } else {
          forecasts[t - known.length] = expected;
        }
        double next = alpha * (value - season[place]) + (1 - alpha) * (level + trend);
        season[place] = gamma * (value - level - trend) + (1 - gamma) * season[place];
        trend = beta * (next - level) + (1 - beta) * trend;
        level = next;
      }
      return new Model(errors, forecasts);
    }
  }

  /** Makes it usable by name. */
  public static final class Provider implements HistoryDetectorProvider {
    @Override
    public String name() {
      return "holt_winters";
    }

    @Override
    public String description() {
      return "A value is too far from a forecast by level, trend and season.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required(
              "period",
              Parameter.Kind.INTEGER,
              "How many points make a season: 7 for days of a week."));
    }

    @Override
    public HistoryDetector create(Settings settings) {
      return new SeasonalForecast(
          (int) Math.max(-1, Math.min(Integer.MAX_VALUE, settings.integer("period"))));
    }
  }
}
