package io.featurebeam.anomaly;

import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Several scorers whose scores become one, which one threshold judges. Those that do not know yet
 * are left out; if none knows there is no score.
 */
record BlendingDetector(Blend blend, List<Scorer> members, Threshold threshold)
    implements Detector {

  /** Which score of several. */
  enum Blend {
    MEAN,
    MAX
  }

  BlendingDetector {
    Objects.requireNonNull(blend, "blend is null");
    Objects.requireNonNull(threshold, "threshold is null");
    members = List.copyOf(members);
    if (members.isEmpty()) {
      throw new IllegalArgumentException("Missing scorers: an ensemble needs at least one");
    }
  }

  @Override
  public String id() {
    return blend.name().toLowerCase(Locale.ROOT)
        + "("
        + String.join(", ", members.stream().map(Scorer::id).toList())
        + ")";
  }

  @Override
  public List<String> columns() {
    return Members.columns(members.stream().map(Scorer::columns).toList());
  }

  @Override
  public DetectorState newState() {
    return new State();
  }

  private final class State extends DetectorState {
    private final Members inputs = new Members(members.stream().map(Scorer::columns).toList());
    private final List<Scores> scores = members.stream().map(Scorer::newScores).toList();
    private final Threshold.State limits = threshold.newState();

    @Override
    public Judgement next(double... values) {
      checkCount(inputs.width(), values);
      double sum = 0;
      double most = 0;
      int known = 0;
      for (int i = 0; i < scores.size(); i++) {
        double score = scores.get(i).next(inputs.of(i, values));
        if (!Double.isNaN(score)) {
          known++;
          sum += score;
          most = Math.max(most, score);
        }
      }
      double one = known == 0 ? Double.NaN : blend == Blend.MEAN ? sum / known : most;
      return limits.judge(one);
    }

    @Override
    void save(DataOutput out) throws IOException {
      for (Scores member : scores) {
        member.save(out);
      }
      limits.save(out);
    }

    @Override
    void load(StateReader in) {
      scores.forEach(member -> member.load(in));
      limits.load(in);
    }
  }
}
