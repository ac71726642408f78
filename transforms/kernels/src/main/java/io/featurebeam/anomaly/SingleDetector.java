package io.featurebeam.anomaly;

import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** A scorer and a threshold. */
record SingleDetector(Scorer scorer, Threshold threshold) implements Detector {

  SingleDetector {
    Objects.requireNonNull(scorer, "scorer is null");
    Objects.requireNonNull(threshold, "threshold is null");
  }

  @Override
  public String id() {
    return scorer.id();
  }

  @Override
  public List<String> columns() {
    return scorer.columns();
  }

  @Override
  public DetectorState newState() {
    return new State();
  }

  private final class State extends DetectorState {
    private final int width = scorer.columns().size();
    private final Scores scores = scorer.newScores();
    private final Threshold.State limits = threshold.newState();

    @Override
    public Judgement next(double... values) {
      checkCount(width, values);
      return limits.judge(scores.next(values));
    }

    @Override
    void save(DataOutput out) throws IOException {
      scores.save(out);
      limits.save(out);
    }

    @Override
    void load(StateReader in) {
      scores.load(in);
      limits.load(in);
    }
  }
}
