package io.featurebeam.rule;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How many records one rule judged and how many broke it, with a few of the values that did. Counts
 * of parts of a run {@link #plus add up} in any order to the same whole.
 *
 * @param rule the rule's id
 * @param onFail what follows for a record that breaks it
 * @param checked the records judged
 * @param failed those that broke it; a null that a rule lets pass has not
 * @param samples up to {@value #MAX_SAMPLES} of the failing values, no text twice, by where they
 *     were read
 */
public record RuleCount(
    String rule, Validation.OnFail onFail, long checked, long failed, List<Sample> samples)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** How many failing values are kept. */
  public static final int MAX_SAMPLES = 5;

  /**
   * A value that broke a rule.
   *
   * @param value as the checker observed it
   * @param source the file, or topic and partition, it was read from; empty if unknown
   * @param place the row or offset in it; -1 if unknown
   */
  public record Sample(String value, String source, long place)
      implements Comparable<Sample>, Serializable {

    private static final long serialVersionUID = 1L;

    public Sample {
      Objects.requireNonNull(value, "value is null");
      Objects.requireNonNull(source, "source is null");
    }

    /** By source, place, value. */
    @Override
    public int compareTo(Sample other) {
      int bySource = source.compareTo(other.source);
      int byPlace = bySource != 0 ? bySource : Long.compare(place, other.place);
      return byPlace != 0 ? byPlace : value.compareTo(other.value);
    }
  }

  public RuleCount {
    Objects.requireNonNull(rule, "rule is null");
    Objects.requireNonNull(onFail, "onFail is null");
    if (failed < 0 || checked < failed) {
      throw new IllegalArgumentException(
          "Invalid failed: " + failed + " (must be 0 to checked, which is " + checked + ")");
    }
    samples = first(samples);
  }

  /** No record judged yet. */
  public static RuleCount none(Validation validation) {
    return new RuleCount(validation.rule().id(), validation.onFail(), 0, 0, List.of());
  }

  /** The records that satisfied the rule. */
  public long passed() {
    return checked - failed;
  }

  /** The count over this part and another. */
  public RuleCount plus(RuleCount other) {
    if (!rule.equals(other.rule) || onFail != other.onFail) {
      throw new IllegalArgumentException("Cannot add counts of " + rule + " and " + other.rule);
    }
    List<Sample> all = new ArrayList<>(samples);
    all.addAll(other.samples);
    return new RuleCount(
        rule,
        onFail,
        Math.addExact(checked, other.checked),
        Math.addExact(failed, other.failed),
        all);
  }

  /**
   * The first samples, of each text the first: independent of the order in which parts were added.
   */
  private static List<Sample> first(List<Sample> samples) {
    Map<String, Sample> byValue = new HashMap<>();
    for (Sample sample : samples) {
      byValue.merge(sample.value(), sample, (a, b) -> a.compareTo(b) <= 0 ? a : b);
    }
    return byValue.values().stream().sorted().limit(MAX_SAMPLES).toList();
  }
}
