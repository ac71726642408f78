package io.featurebeam.anomaly;

import io.featurebeam.anomaly.Judgement.Label;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;

/** From where on a score is an outlier, as a value. A score of NaN is neither. */
public sealed interface Threshold extends Serializable {

  /** A score of {@code cutoff} or more is an outlier. */
  static Threshold fixed(double cutoff) {
    return new Fixed(cutoff);
  }

  /**
   * A score above the {@code quantile} of the last {@code window} scores before it is an outlier,
   * so that about that share is none, whatever the scores look like.
   */
  static Threshold quantile(double quantile, int window) {
    return new Quantile(quantile, window);
  }

  /** What it knows before the first score. */
  State newState();

  /** What was learned of scores. Not thread-safe. */
  abstract class State {

    /** Holds a score against those before it, then learns it. */
    final Judgement judge(double score) {
      double limit = limit();
      if (Double.isNaN(score) || Double.isNaN(limit)) {
        learn(score);
        return new Judgement(score, limit, Label.UNKNOWN);
      }
      boolean outlier = exceeds(score, limit);
      learn(score);
      return new Judgement(score, limit, outlier ? Label.OUTLIER : Label.NORMAL);
    }

    abstract double limit();

    abstract boolean exceeds(double score, double limit);

    abstract void learn(double score);

    abstract void save(DataOutput out) throws IOException;

    abstract void load(StateReader in);
  }

  /** The same for all. */
  record Fixed(double cutoff) implements Threshold {
    public Fixed {
      if (!(cutoff >= 0 && cutoff <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "Invalid cutoff: " + cutoff + " (must be a number, 0 or more)");
      }
    }

    @Override
    public State newState() {
      return new State() {
        @Override
        double limit() {
          return cutoff;
        }

        @Override
        boolean exceeds(double score, double limit) {
          return score >= limit;
        }

        @Override
        void learn(double score) {}

        @Override
        void save(DataOutput out) {}

        @Override
        void load(StateReader in) {}
      };
    }
  }

  /**
   * Of the last scores. It says nothing until it has seen so many that one is above it: 100 for
   * 0.99, or a full window if that is less. Scores that are not finite are not learned.
   */
  record Quantile(double quantile, int window) implements Threshold {
    public Quantile {
      if (!(quantile > 0 && quantile < 1)) {
        throw new IllegalArgumentException(
            "Invalid quantile: " + quantile + " (must be above 0 and below 1)");
      }
      SortedWindow.check("window", window);
    }

    private double least() {
      return Math.min(window, Math.rint(1 / (1 - quantile)));
    }

    @Override
    public State newState() {
      SortedWindow scores = new SortedWindow(window);
      return new State() {
        @Override
        double limit() {
          return scores.size() < least() ? Double.NaN : scores.quantile(quantile);
        }

        @Override
        boolean exceeds(double score, double limit) {
          return score > limit;
        }

        @Override
        void learn(double score) {
          if (Double.isFinite(score)) {
            scores.add(score);
          }
        }

        @Override
        void save(DataOutput out) throws IOException {
          scores.save(out);
        }

        @Override
        void load(StateReader in) {
          scores.load(in);
        }
      };
    }
  }
}
