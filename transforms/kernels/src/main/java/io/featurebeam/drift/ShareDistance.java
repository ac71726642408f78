package io.featurebeam.drift;

import static io.featurebeam.settings.Parameter.optional;

import io.featurebeam.profile.Distribution;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A distance between the shares of the reference (p) and of now (q) over the same parts. Null, NaN
 * and infinities are no part of them.
 *
 * @param bins of numbers: into how many ranges quantiles of the reference cut them
 * @param floor of {@link Kind#PSI} and {@link Kind#KL}: a share below it is raised to it, and all
 *     are divided by their new sum, so that an empty part gives no infinity; of others it means
 *     nothing
 */
record ShareDistance(Kind kind, double threshold, int bins, double floor) implements DriftMetric {

  static final int BINS = 10;
  static final double FLOOR = 1e-4;

  /** Which distance, and what is usual for it. */
  enum Kind {
    /** max |p - q|, 0 to 1. */
    L_INFINITY("l_infinity", Fit.CATEGORIES, 0.1) {
      @Override
      double of(double[] p, double[] q) {
        double most = 0;
        for (int i = 0; i < p.length; i++) {
          most = Math.max(most, Math.abs(p[i] - q[i]));
        }
        return most;
      }
    },
    /** Half the sum of |p - q|, 0 to 1: the share of records that would have to change. */
    TOTAL_VARIATION("total_variation", Fit.CATEGORIES, 0.1) {
      @Override
      double of(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
          sum += Math.abs(p[i] - q[i]);
        }
        return sum / 2;
      }
    },
    /** In bits, 0 to 1 (Lin 1991). */
    JENSEN_SHANNON_DIVERGENCE("jensen_shannon_divergence", Fit.VALUES, 0.01) {
      @Override
      double of(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
          double m = (p[i] + q[i]) / 2;
          sum += term(p[i], m) + term(q[i], m);
        }
        return Math.min(1, Math.max(0, sum / (2 * Math.log(2)))); // rounding may step outside
      }
    },
    /** The square root of the divergence, which is a metric (Endres and Schindelin 2003). */
    JENSEN_SHANNON_DISTANCE("jensen_shannon_distance", Fit.VALUES, 0.1) {
      @Override
      double of(double[] p, double[] q) {
        return Math.sqrt(JENSEN_SHANNON_DIVERGENCE.of(p, q));
      }
    },
    /** The sum of (q - p) ln(q / p), from 0 (Siddiqi, "Credit Risk Scorecards", 2006). */
    PSI("psi", Fit.VALUES, 0.2) {
      @Override
      double of(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
          sum += (q[i] - p[i]) * Math.log(q[i] / p[i]);
        }
        return sum;
      }
    },
    /** The sum of q ln(q / p), from 0: in nats, of what is now against the reference. */
    KL("kl", Fit.CATEGORIES, 0.1) {
      @Override
      double of(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
          sum += term(q[i], p[i]);
        }
        return Math.max(0, sum);
      }
    };

    final String metric;
    final Fit fit;
    final double usual;

    Kind(String metric, Fit fit, double usual) {
      this.metric = metric;
      this.fit = fit;
      this.usual = usual;
    }

    abstract double of(double[] p, double[] q);

    static double term(double share, double of) {
      return share == 0 ? 0 : share * Math.log(share / of);
    }

    private boolean hasFloor() {
      return this == PSI || this == KL;
    }
  }

  ShareDistance {
    Objects.requireNonNull(kind, "kind is null");
    Thresholds.check(threshold);
    if (bins < 2 || bins > 1000) {
      throw new IllegalArgumentException("Invalid bins: " + bins + " (must be 2 to 1000)");
    }
    if (!(floor > 0 && floor <= 0.01)) {
      throw new IllegalArgumentException(
          "Invalid floor: " + floor + " (a share, must be above 0 and at most 0.01)");
    }
  }

  static ShareDistance of(Kind kind) {
    return new ShareDistance(kind, kind.usual, BINS, FLOOR);
  }

  @Override
  public String name() {
    return kind.metric;
  }

  @Override
  public Fit fits() {
    return kind.fit;
  }

  @Override
  public Measured measure(Distribution reference, Distribution current) {
    String lacking = Shares.lacks(reference, current);
    if (lacking != null) {
      return Measured.nothing(lacking);
    }
    Shares shares = Shares.of(reference, current, bins);
    double[] p = shares.parts().stream().mapToDouble(Shares.Part::reference).toArray();
    double[] q = shares.parts().stream().mapToDouble(Shares.Part::current).toArray();
    if (kind.hasFloor()) {
      raise(p);
      raise(q);
    }
    double value = kind.of(p, q);
    return new Measured(value, value, Double.NaN, shares.error(), shares.words());
  }

  private void raise(double[] shares) {
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.max(shares[i], floor);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
  }

  /** What the providers share. */
  private abstract static class KindProvider implements DriftMetricProvider {
    private final Kind kind;

    KindProvider(Kind kind) {
      this.kind = kind;
    }

    @Override
    public final String name() {
      return kind.metric;
    }

    @Override
    public final List<Parameter> parameters() {
      List<Parameter> parameters = new ArrayList<>();
      parameters.add(Thresholds.parameter(kind.usual));
      if (kind.fit == Fit.VALUES) {
        parameters.add(
            optional(
                "bins",
                Parameter.Kind.INTEGER,
                "Into how many ranges quantiles of the reference cut numbers; 10."));
      }
      if (kind.hasFloor()) {
        parameters.add(
            optional(
                "floor",
                Parameter.Kind.NUMBER,
                "A smaller share is taken as this one, so that no part is empty; 0.0001."));
      }
      return parameters;
    }

    @Override
    public final DriftMetric create(Settings settings) {
      long bins = settings.integer("bins", BINS);
      return new ShareDistance(
          kind,
          settings.number("threshold", kind.usual),
          (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, bins)),
          settings.number("floor", FLOOR));
    }
  }

  /** Makes {@code l_infinity} usable by name. */
  public static final class LInfinityProvider extends KindProvider {
    public LInfinityProvider() {
      super(Kind.L_INFINITY);
    }

    @Override
    public String description() {
      return "The largest move of a category's share.";
    }
  }

  /** Makes {@code total_variation} usable by name. */
  public static final class TotalVariationProvider extends KindProvider {
    public TotalVariationProvider() {
      super(Kind.TOTAL_VARIATION);
    }

    @Override
    public String description() {
      return "The share of records whose category would have to change.";
    }
  }

  /** Makes {@code jensen_shannon_divergence} usable by name. */
  public static final class JensenShannonDivergenceProvider extends KindProvider {
    public JensenShannonDivergenceProvider() {
      super(Kind.JENSEN_SHANNON_DIVERGENCE);
    }

    @Override
    public String description() {
      return "The Jensen-Shannon divergence of the shares, in bits, 0 to 1.";
    }
  }

  /** Makes {@code jensen_shannon_distance} usable by name. */
  public static final class JensenShannonDistanceProvider extends KindProvider {
    public JensenShannonDistanceProvider() {
      super(Kind.JENSEN_SHANNON_DISTANCE);
    }

    @Override
    public String description() {
      return "The Jensen-Shannon distance of the shares: the root of the divergence, 0 to 1.";
    }
  }

  /** Makes {@code psi} usable by name. */
  public static final class PsiProvider extends KindProvider {
    public PsiProvider() {
      super(Kind.PSI);
    }

    @Override
    public String description() {
      return "The population stability index of the shares, from 0.";
    }
  }

  /** Makes {@code kl} usable by name. */
  public static final class KlProvider extends KindProvider {
    public KlProvider() {
      super(Kind.KL);
    }

    @Override
    public String description() {
      return "The Kullback-Leibler divergence of the shares now from the reference's, in nats.";
    }
  }
}
