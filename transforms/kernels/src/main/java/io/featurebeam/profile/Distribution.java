package io.featurebeam.profile;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one column are spread, in the form in which two columns are compared: a profile
 * gives it ({@link BatchProfile#distribution}), and so do values at hand ({@link #ofNumbers},
 * {@link #ofCategories}).
 *
 * <p>Nulls are counted apart, and so are NaN and infinities of numbers: shares are of what is left.
 *
 * @param records how many records there were
 * @param nulls how many of them had no value
 */
public record Distribution(String column, FieldType type, long records, long nulls, Values values) {

  public Distribution {
    Objects.requireNonNull(column, "column is null");
    Objects.requireNonNull(type, "type is null");
    Objects.requireNonNull(values, "values is null");
    if (records < 0 || nulls < 0 || nulls > records) {
      throw new IllegalArgumentException(
          "Invalid nulls of '" + column + "': " + nulls + " (must be 0 to " + records + ")");
    }
  }

  /** What is known of the values. */
  public sealed interface Values permits Numbers, Categories, Unknown {}

  /** Nothing but their number, for the column is a list or masked. */
  public record Unknown(boolean masked) implements Values {}

  /** Of numbers and times, each of which counts once; null, NaN and infinities as said above. */
  public static Distribution ofNumbers(String column, @Nullable Double... values) {
    double[] present = Arrays.stream(values).filter(Objects::nonNull).mapToDouble(x -> x).toArray();
    return of(column, present, values.length);
  }

  /** Of numbers without nulls. */
  public static Distribution ofNumbers(String column, double[] values) {
    return of(column, values, values.length);
  }

  private static Distribution of(String column, double[] values, long records) {
    double[] sorted = Arrays.stream(values).map(x -> x + 0.0).sorted().toArray(); // no -0.0
    double[] finite = Arrays.stream(sorted).filter(Double::isFinite).toArray();
    int nan = (int) Arrays.stream(sorted).filter(Double::isNaN).count();
    long distinct = Arrays.stream(sorted).distinct().count();
    double[] weights = new double[finite.length];
    Arrays.fill(weights, 1);
    Moments moments = new Moments();
    moments.add(finite, finite.length);
    Numbers numbers =
        Numbers.of(
            finite,
            weights,
            new Counts(finite.length, nan, values.length - finite.length - nan, distinct),
            moments.mean(),
            finite.length > 0 && finite[0] == finite[finite.length - 1] ? 0 : moments.stddev(),
            finite.length,
            0,
            null);
    return new Distribution(column, FieldType.FLOAT64, records, records - values.length, numbers);
  }

  /** Of texts and how often each occurs, without nulls. */
  public static Distribution ofCategories(String column, Map<String, Long> counts) {
    return ofCategories(column, counts, 0);
  }

  /** Of texts and how often each occurs, and records without a value. */
  public static Distribution ofCategories(String column, Map<String, Long> counts, long nulls) {
    List<Category> categories = new ArrayList<>();
    long total = 0;
    for (Map.Entry<String, Long> entry : counts.entrySet()) {
      if (entry.getValue() < 0) {
        throw new IllegalArgumentException(
            "Invalid count of '" + entry.getKey() + "': " + entry.getValue() + " (must be >= 0)");
      }
      if (entry.getValue() > 0) {
        categories.add(Category.of(entry.getKey(), entry.getValue().doubleValue()));
        total += entry.getValue();
      }
    }
    long distinct = categories.size();
    Categories values = Categories.of(categories, 0, 0, (double) total, distinct);
    return new Distribution(column, FieldType.STRING, total + nulls, nulls, values);
  }

  /**
   * The same column as categories, each number being one: for codes. Only where a profile counted
   * each value, which it does of at most {@value FewValues#MAX} different ones.
   */
  public Distribution asCategories() {
    if (values instanceof Categories) {
      return this;
    }
    Categories categories =
        values instanceof Numbers numbers ? numbers.asCategories().orElse(null) : null;
    if (categories == null) {
      throw new IllegalArgumentException(
          "Cannot take '"
              + column
              + "' ("
              + type
              + ") as categories: its values are not counted one by one (more than "
              + FewValues.MAX
              + " different ones)");
    }
    return new Distribution(column, type, records, nulls, categories);
  }

  /** Amounts of numbers. */
  record Counts(long finite, long nan, long infinite, long distinct) {}

  /** A text, printed as people read it, and how often it occurs; {@code key} tells texts apart. */
  public record Category(long key, String text, double count) {
    static Category of(String text, double count) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      return new Category(Hashing.hash(utf8, 0, utf8.length), text, count);
    }
  }

  /**
   * Of string, bytes and boolean.
   *
   * @param listed most frequent first
   * @param others how many values are none of the listed
   * @param error by how much a count may be too low, and how often at most a value occurs that is
   *     not listed; 0 if all are listed
   * @param effective how many independent values the shares rest on: all of them, or less if counts
   *     come from a sample (Kish, "Survey Sampling", 1965)
   * @param distinct how many different values there are, approximate beyond 1,024
   */
  public record Categories(
      List<Category> listed, double others, long error, double effective, long distinct)
      implements Values {

    public Categories {
      listed = List.copyOf(listed);
    }

    static Categories of(
        List<Category> categories, double others, long error, double effective, long distinct) {
      List<Category> sorted = new ArrayList<>(categories);
      sorted.sort(
          Comparator.comparingDouble(Category::count).reversed().thenComparingLong(Category::key));
      return new Categories(sorted, others, error, effective, distinct);
    }

    /** The number that shares are of. */
    public double total() {
      double total = others;
      for (Category category : listed) {
        total += category.count();
      }
      return total;
    }

    /** Whether every value is listed with its exact number. */
    public boolean isExact() {
      return error == 0 && others == 0;
    }
  }

  /**
   * Of int64, float64, timestamp (microseconds since 1970), date (days since 1970) and time
   * (microseconds since midnight): a step function, exact for few values and else a sketch's.
   */
  public static final class Numbers implements Values {

    private final double[] points;
    private final double[] upTo;
    private final Counts counts;
    private final double mean;
    private final double stddev;
    private final double effective;
    private final double rankError;
    private final @Nullable Categories categories;

    private Numbers(
        double[] points,
        double[] upTo,
        Counts counts,
        double mean,
        double stddev,
        double effective,
        double rankError,
        @Nullable Categories categories) {
      this.points = points;
      this.upTo = upTo;
      this.counts = counts;
      this.mean = mean;
      this.stddev = stddev;
      this.effective = effective;
      this.rankError = rankError;
      this.categories = categories;
    }

    /**
     * @param values ascending
     * @param weights how much each of them stands for
     */
    static Numbers of(
        double[] values,
        double[] weights,
        Counts counts,
        double mean,
        double stddev,
        double effective,
        double rankError,
        @Nullable Categories categories) {
      double[] points = new double[values.length];
      double[] upTo = new double[values.length];
      int n = 0;
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        sum += weights[i];
        if (n > 0 && points[n - 1] == values[i]) {
          upTo[n - 1] = sum;
        } else {
          points[n] = values[i];
          upTo[n++] = sum;
        }
      }
      for (int i = 0; i < n; i++) {
        upTo[i] /= sum;
      }
      return new Numbers(
          Arrays.copyOf(points, n),
          Arrays.copyOf(upTo, n),
          counts,
          mean,
          stddev,
          effective,
          rankError,
          categories);
    }

    /** How many values are finite. */
    public long finite() {
      return counts.finite();
    }

    public long nan() {
      return counts.nan();
    }

    public long infinite() {
      return counts.infinite();
    }

    /** How many different values there are, approximate beyond 1,024. */
    public long distinct() {
      return counts.distinct();
    }

    /** NaN if there is no finite value. */
    public double mean() {
      return mean;
    }

    /** The sample standard deviation; NaN if there is no finite value. */
    public double stddev() {
      return stddev;
    }

    /** How many independent values the shares rest on: all, or less if they are of a sample. */
    public double effective() {
      return effective;
    }

    /** By how much, with 99 % confidence, a share may be off at most; 0 if all are exact. */
    public double rankError() {
      return rankError;
    }

    /** How many different points the step function has. */
    public int size() {
      return points.length;
    }

    /** Where the step function has its step {@code i}, ascending. */
    public double point(int i) {
      return points[i];
    }

    /** The share of the values that are at most {@link #point}; of the last it is 1. */
    public double shareUpToPoint(int i) {
      return upTo[i];
    }

    /** The share of the values that are at most {@code value}. */
    public double shareUpTo(double value) {
      int at = Arrays.binarySearch(points, value);
      int last = at < 0 ? -at - 2 : at;
      return last < 0 ? 0 : upTo[last];
    }

    /** The smallest value that at least {@code rank} (0 to 1) of the values do not exceed. */
    public double quantile(double rank) {
      int low = 0;
      int high = points.length - 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (upTo[middle] < rank) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return points[low];
    }

    Optional<Categories> asCategories() {
      return Optional.ofNullable(categories);
    }
  }
}
