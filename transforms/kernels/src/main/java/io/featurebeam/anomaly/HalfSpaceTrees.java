package io.featurebeam.anomaly;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.Hashing;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * How empty the place is where a record lies, by the records of the last full window (Tan, Ting and
 * Liu, "Fast Anomaly Detection for Streaming Data", 2011). Each tree halves the space of all
 * columns {@code depth} times, in a random column each; a record's density is what its half-spaces
 * held for their size, 1 if records lay everywhere alike. The score is 1 / (1 + density): above 0
 * and at most 1, which is empty; 0.5 is as if spread evenly. A null or NaN in any of the columns
 * gives no score, and the record is not learned.
 *
 * <p>The first {@code window} records get no score. They also give each column's range, which
 * stays; what lies outside of it is at its edge, or a little beyond it. Trees come from the seed by
 * hashing, so all keys have the same and no state holds them; a state is some bytes per half-space,
 * 2^(depth + 1) of them in each tree.
 */
record HalfSpaceTrees(List<String> columns, int trees, int depth, int window, long seed)
    implements Scorer {

  static final int TREES = 10;
  static final int DEPTH = 8;
  static final int WINDOW = 250;

  private static final int MAX_WINDOW = 10_000;

  HalfSpaceTrees {
    columns = List.copyOf(columns);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("Missing columns: half-space trees need at least one");
    }
    if (columns.stream().distinct().count() < columns.size()) {
      throw new IllegalArgumentException(
          "Invalid columns: " + columns + " (must be different ones)");
    }
    check("trees", trees, 100);
    check("depth", depth, 15);
    check("window", window, MAX_WINDOW);
  }

  private static void check(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "Invalid " + name + ": " + value + " (must be 1 to " + most + ")");
    }
  }

  @Override
  public String id() {
    return "half_space_trees(" + String.join(", ", columns) + ")";
  }

  /** What is rarer than 99 of 100 records; densities depend on the data, so no number fits all. */
  @Override
  public Threshold usualThreshold() {
    return Threshold.quantile(0.99, 1000);
  }

  @Override
  public Scores newScores() {
    return new State();
  }

  private int nodes() {
    return (2 << depth) - 1;
  }

  /** 0 to 1, the same for the same arguments. */
  private double random(int tree, int number) {
    long hash = Hashing.combine(Hashing.combine(Hashing.hash(seed), tree), number);
    return (hash >>> 11) * 0x1p-53;
  }

  private final class State extends Scores {
    private final int width = columns.size();

    /** Lowest and highest of each column, once the first window is full. */
    private final double[] low = new double[width];

    private final double[] high = new double[width];

    /** The records of the first window, until it is full. */
    private final List<double[]> first = new ArrayList<>();

    /** Of each tree's half-spaces, how many records of the last full window they held. */
    private final int[] full = new int[trees * nodes()];

    private final int[] filling = new int[trees * nodes()];
    private int inWindow;
    private boolean ready;

    private final double[] from = new double[width];
    private final double[] to = new double[width];

    @Override
    protected double score(double[] values) {
      if (!ready) {
        return Double.NaN;
      }
      double sum = 0;
      for (int tree = 0; tree < trees; tree++) {
        begin(tree);
        int node = 0;
        int level = 0;
        int offset = tree * nodes();
        while (level < depth && full[offset + node] * 10 > window) { // the paper's size limit
          node = child(tree, node, values);
          level++;
        }
        sum += full[offset + node] * (double) (1 << level);
      }
      return 1 / (1 + sum / ((double) trees * window));
    }

    /** The space of a tree, in which the range of a column lies somewhere. */
    private void begin(int tree) {
      for (int c = 0; c < width; c++) {
        double middle = random(tree, -1 - c);
        double reach = 2 * Math.max(middle, 1 - middle);
        from[c] = middle - reach;
        to[c] = middle + reach;
      }
    }

    /** The half of a node's space that the values lie in; the space becomes that half. */
    private int child(int tree, int node, double[] values) {
      int column = (int) (random(tree, node) * width);
      double middle = (from[column] + to[column]) / 2;
      double range = high[column] - low[column];
      double place = range > 0 ? (values[column] - low[column]) / range : beside(values, column);
      if (place < middle) {
        to[column] = middle;
        return 2 * node + 1;
      }
      from[column] = middle;
      return 2 * node + 2;
    }

    /** Where a value lies in a column that had one value only. */
    private double beside(double[] values, int column) {
      return 0.5 + 0.5 * Math.signum(values[column] - low[column]);
    }

    @Override
    protected void learn(double[] values) {
      if (ready) {
        fill(values);
        return;
      }
      first.add(values.clone());
      if (first.size() == window) {
        Arrays.fill(low, Double.POSITIVE_INFINITY);
        Arrays.fill(high, Double.NEGATIVE_INFINITY);
        for (double[] record : first) {
          for (int c = 0; c < width; c++) {
            low[c] = Math.min(low[c], record[c]);
            high[c] = Math.max(high[c], record[c]);
          }
        }
        ready = true;
        first.forEach(this::fill);
        first.clear();
      }
    }

    private void fill(double[] values) {
      for (int tree = 0; tree < trees; tree++) {
        begin(tree);
        int offset = tree * nodes();
        int node = 0;
        filling[offset]++;
        for (int level = 0; level < depth; level++) {
          node = child(tree, node, values);
          filling[offset + node]++;
        }
      }
      if (++inWindow == window) {
        System.arraycopy(filling, 0, full, 0, full.length);
        Arrays.fill(filling, 0);
        inWindow = 0;
      }
    }

    @Override
    protected void save(DataOutput out) throws IOException {
      out.writeByte(ready ? 1 : 0);
      if (!ready) {
        out.writeInt(first.size());
        for (double[] record : first) {
          for (double value : record) {
            out.writeDouble(value);
          }
        }
        return;
      }
      for (int c = 0; c < width; c++) {
        out.writeDouble(low[c]);
        out.writeDouble(high[c]);
      }
      out.writeInt(inWindow);
      save(full, out);
      save(filling, out);
    }

    /** Most are 0 or small: seven bits to a byte. */
    private static void save(int[] masses, DataOutput out) throws IOException {
      for (int mass : masses) {
        int rest = mass;
        while (rest >= 0x80) {
          out.writeByte(rest | 0x80);
          rest >>>= 7;
        }
        out.writeByte(rest);
      }
    }

    @Override
    protected void load(StateReader in) {
      ready = in.readByte() == 1;
      if (!ready) {
        int size = in.readInt();
        if (size < 0 || size >= window) {
          throw in.corrupt(size + " first records (must be 0 to " + (window - 1) + ")");
        }
        for (int i = 0; i < size; i++) {
          double[] record = new double[width];
          for (int c = 0; c < width; c++) {
            record[c] = in.readFinite("a value");
          }
          first.add(record);
        }
        return;
      }
      for (int c = 0; c < width; c++) {
        low[c] = in.readFinite("a lowest value");
        high[c] = in.readFinite("a highest value");
      }
      inWindow = in.readInt();
      if (inWindow < 0 || inWindow >= window) {
        throw in.corrupt(inWindow + " records (must be 0 to " + (window - 1) + ")");
      }
      load(full, in);
      load(filling, in);
    }

    private void load(int[] masses, StateReader in) {
      for (int i = 0; i < masses.length; i++) {
        int mass = 0;
        int shift = 0;
        int next;
        do {
          next = in.readByte();
          mass |= (next & 0x7F) << shift;
          shift += 7;
        } while (next >= 0x80 && shift < 21);
        if (mass > window) {
          throw in.corrupt(mass + " records in a half-space (must be 0 to " + window + ")");
        }
        masses[i] = mass;
      }
    }
  }

  /** Makes it usable by name. */
  public static final class Provider implements ScorerProvider {
    @Override
    public String name() {
      return "half_space_trees";
    }

    @Override
    public String description() {
      return "How empty the place of a record is among the last ones, over several columns.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("columns", Parameter.Kind.COLUMNS, "Columns of numbers."),
          optional("trees", Parameter.Kind.INTEGER, "How many trees; 10."),
          optional("depth", Parameter.Kind.INTEGER, "How often each halves the space; 8."),
          optional("window", Parameter.Kind.INTEGER, "How many records make a window; 250."),
          optional("seed", Parameter.Kind.INTEGER, "Which trees; 0."));
    }

    @Override
    public Scorer create(Settings settings) {
      return new HalfSpaceTrees(
          Objects.requireNonNull(settings.strings("columns")),
          Limits.toInt(settings.integer("trees", TREES)),
          Limits.toInt(settings.integer("depth", DEPTH)),
          Limits.toInt(settings.integer("window", WINDOW)),
          settings.integer("seed", 0));
    }
  }
}
