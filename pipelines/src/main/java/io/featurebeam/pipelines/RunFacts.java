package io.featurebeam.pipelines;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.io.file.write.WriteFlow;
import io.featurebeam.rule.RuleCount;
import io.featurebeam.rule.Validation;
import io.featurebeam.transforms.aggregate.AggregateRecords;
import io.featurebeam.transforms.dataset.SampleRecords;
import io.featurebeam.transforms.dataset.SplitRecords;
import io.featurebeam.transforms.features.EngineerFeatures;
import io.featurebeam.transforms.join.PointInTimeJoin;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Rejects;
import io.featurebeam.transforms.validate.RuleCounts;
import io.featurebeam.transforms.validate.ValidateRecords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;

/** The facts of all bundles of a run, added up. */
final class RunFacts {

  /** The step that drops copies of records: what it rejects is counted as duplicate. */
  static final String DEDUPE = "deduplicate";

  /** The step that checks what features made, such as entity keys. */
  static final String FEATURE_RULES = "validate features";

  /** The step that leaves out rows of aggregates; what it drops was no record of the input. */
  static final String SAMPLE_ROWS = "sample rows";

  /** The step that leaves behind what was read only for its copies. */
  static final String LOOK_BACK = "look back";

  /** The name of the fact that holds a part of the column profile. */
  static final String PROFILE = "profile";

  /** The name of the fact that tells when a run began whose start nobody here saw. */
  private static final String BEGAN = "began";

  private static final List<String> ORDER =
      List.of(
          ReadFiles.STEP,
          "validate",
          DEDUPE,
          LOOK_BACK,
          EngineerFeatures.STEP,
          FEATURE_RULES,
          PROFILE,
          AggregateRecords.STEP,
          SAMPLE_ROWS,
          SampleRecords.STEP,
          PointInTimeJoin.STEP,
          SplitRecords.STEP,
          WriteFlow.STEP);

  private final Map<String, Map<String, Long>> numbers = new LinkedHashMap<>();
  private final Map<String, RuleCount> rules = new LinkedHashMap<>();
  private final TreeSet<String> reasons = new TreeSet<>();
  private final Map<String, String> hashes = new LinkedHashMap<>();
  private final List<byte[]> profiles = new ArrayList<>();
  private OptionalLong began = OptionalLong.empty();
  private OptionalLong firstRecord = OptionalLong.empty();

  /** The fact that a run began, in microseconds since 1970. */
  static RecordBatch began(long micros) {
    return new Facts.Builder().add("run", BEGAN, micros).build();
  }

  /** Adds an encoded batch of facts. */
  void add(byte[] encoded) {
    Facts.read(
        BatchCodec.decode(encoded),
        (step, fact, value, bytes) -> {
          if (fact.equals(BEGAN)) {
            began = OptionalLong.of(value);
          } else if (fact.equals(ReadFiles.FIRST_RECORD)) {
            firstRecord = OptionalLong.of(Math.min(firstRecord.orElse(value), value));
          } else if (bytes == null) {
            numbers.computeIfAbsent(step, s -> new LinkedHashMap<>()).merge(fact, value, Long::sum);
          } else if (fact.equals(ValidateRecords.RULE_COUNT)) {
            RuleCount count = RuleCounts.fromBytes(bytes);
            rules.merge(count.onFail() + " " + count.rule(), count, RuleCount::plus);
          } else if (fact.equals(ReadFiles.MALFORMED_REASON)) {
            reasons.add(new String(bytes, StandardCharsets.UTF_8));
          } else if (fact.equals(ReadFiles.SHA256)) {
            addHash(new String(bytes, StandardCharsets.UTF_8));
          } else if (fact.equals(PROFILE)) {
            profiles.add(bytes);
          }
        });
  }

  private void addHash(String fact) {
    int space = fact.indexOf(' ');
    hashes.put(fact.substring(space + 1), fact.substring(0, space));
  }

  /** The SHA-256 of files that were read, by the names that manifests give them. */
  Map<String, String> hashes() {
    return hashes;
  }

  long number(String step, String fact) {
    return numbers.getOrDefault(step, Map.of()).getOrDefault(fact, 0L);
  }

  /** The steps that took part, in the order of the flow. */
  List<String> inOrder() {
    return numbers.keySet().stream()
        .sorted(Comparator.comparingInt(RunFacts::place).thenComparing(step -> step))
        .toList();
  }

  private static int place(String step) {
    int place = ORDER.indexOf(step);
    return place < 0 ? ORDER.size() : place;
  }

  /** When the run began, in microseconds since 1970, if it noted that itself. */
  OptionalLong began() {
    return began;
  }

  /** When the first record was read, on whatever worker, in microseconds since 1970. */
  OptionalLong firstRecord() {
    return firstRecord;
  }

  /** What the last step before the output gave on. */
  long lastOut() {
    List<String> steps = inOrder().stream().filter(step -> !step.equals(WriteFlow.STEP)).toList();
    return steps.isEmpty() ? 0 : number(steps.get(steps.size() - 1), Facts.RECORDS_OUT);
  }

  /**
   * Behind the question whether a record could be parsed, if there is one that could not: reasons
   * stand in the place of failing values.
   */
  List<RuleCount> rules() {
    List<RuleCount> all = new ArrayList<>(rules.values());
    long malformed = number(ReadFiles.STEP, Facts.REJECTED);
    if (malformed > 0) {
      List<RuleCount.Sample> samples =
          reasons.stream()
              .limit(ReadFiles.MAX_REASONS)
              .map(reason -> new RuleCount.Sample(reason, "", -1))
              .toList();
      all.add(
          0, new RuleCount(Rejects.MALFORMED, Validation.OnFail.REJECT, in(), malformed, samples));
    }
    return all;
  }

  /** What a person calls a step, as the plan does. */
  static String shown(String step, String source) {
    return switch (step) {
      case ReadFiles.STEP -> "Read " + source;
      case EngineerFeatures.STEP -> "Engineer features";
      default -> step.substring(0, 1).toUpperCase(Locale.ROOT) + step.substring(1);
    };
  }

  /** The parts of the column profile, to be merged. */
  List<byte[]> profiles() {
    return profiles;
  }

  /** Records read, parsed or not. */
  long in() {
    return number(ReadFiles.STEP, Facts.RECORDS_IN);
  }

  long rejected() {
    long rejected = 0;
    for (String step : numbers.keySet()) {
      rejected += step.startsWith(DEDUPE) ? 0 : number(step, Facts.REJECTED);
    }
    return rejected;
  }

  long duplicates() {
    return number(DEDUPE, Facts.REJECTED);
  }

  /** Rows of aggregates that were computed and that a sample left out. */
  long leftOut() {
    return number(SAMPLE_ROWS, Facts.RECORDS_IN) - number(SAMPLE_ROWS, Facts.RECORDS_OUT);
  }

  /** Records that were read only to know whether a later one is their copy. */
  long lookedAt() {
    return number(LOOK_BACK, Facts.RECORDS_IN) - number(LOOK_BACK, Facts.RECORDS_OUT);
  }

  /**
   * Records that reached the aggregates, or as labels or for them a join that did not drop them.
   */
  long aggregated() {
    return number(AggregateRecords.STEP, Facts.RECORDS_IN)
        + number(PointInTimeJoin.STEP, Facts.RECORDS_IN)
        - number(PointInTimeJoin.STEP, Facts.REJECTED)
        + number(SampleRecords.STEP, Facts.RECORDS_IN)
        - number(SampleRecords.STEP, Facts.RECORDS_OUT);
  }

  /** Why nothing may be published: broken rules with {@code onFail: fail}. */
  List<String> objections() {
    return rules.values().stream()
        .filter(rule -> rule.onFail() == Validation.OnFail.FAIL && rule.failed() > 0)
        .map(
            rule ->
                rule.failed()
                    + " of "
                    + rule.checked()
                    + " records break "
                    + rule.rule()
                    + " (onFail: fail)")
        .toList();
  }
}
