package io.featurebeam.anomaly;

import io.featurebeam.anomaly.Judgement.Label;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Several detectors that vote. Those that do not know yet have no vote; if none knows, nobody does.
 * The score is the share of votes for an outlier.
 */
record VotingDetector(Rule rule, List<Detector> members) implements Detector {

  /** How many votes make an outlier. */
  enum Rule {
    ANY,
    ALL,
    /** More than half. */
    MAJORITY;

    private boolean holds(int outliers, int votes) {
      return switch (this) {
        case ANY -> outliers > 0;
        case ALL -> outliers == votes;
        case MAJORITY -> 2 * outliers > votes;
      };
    }

    /** The share of votes that it takes. */
    private double limit(int votes) {
      return switch (this) {
        case ANY -> 1.0 / votes;
        case ALL -> 1;
        case MAJORITY -> (double) (votes / 2 + 1) / votes;
      };
    }
  }

  VotingDetector {
    Objects.requireNonNull(rule, "rule is null");
    members = List.copyOf(members);
    if (members.isEmpty()) {
      throw new IllegalArgumentException("Missing detectors: an ensemble needs at least one");
    }
  }

  @Override
  public String id() {
    return rule.name().toLowerCase(Locale.ROOT)
        + "("
        + String.join(", ", members.stream().map(Detector::id).toList())
        + ")";
  }

  @Override
  public List<String> columns() {
    return Members.columns(members.stream().map(Detector::columns).toList());
  }

  @Override
  public DetectorState newState() {
    return new State();
  }

  private final class State extends DetectorState {
    private final Members inputs = new Members(members.stream().map(Detector::columns).toList());
    private final List<DetectorState> states = members.stream().map(Detector::newState).toList();

    @Override
    public Judgement next(double... values) {
      checkCount(inputs.width(), values);
      int votes = 0;
      int outliers = 0;
      for (int i = 0; i < states.size(); i++) {
        Label label = states.get(i).next(inputs.of(i, values)).label();
        votes += label == Label.UNKNOWN ? 0 : 1;
        outliers += label == Label.OUTLIER ? 1 : 0;
      }
      if (votes == 0) {
        return new Judgement(Double.NaN, Double.NaN, Label.UNKNOWN);
      }
      return new Judgement(
          (double) outliers / votes,
          rule.limit(votes),
          rule.holds(outliers, votes) ? Label.OUTLIER : Label.NORMAL);
    }

    @Override
    void save(DataOutput out) throws IOException {
      for (DetectorState state : states) {
        state.save(out);
      }
    }

    @Override
    void load(StateReader in) {
      states.forEach(state -> state.load(in));
    }
  }
}
