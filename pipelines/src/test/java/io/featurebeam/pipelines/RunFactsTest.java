package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.rule.RuleCount;
import io.featurebeam.rule.Validation;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.validate.ValidateRecords;
import java.util.List;
import java.util.OptionalLong;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

class RunFactsTest {

  private static RunFacts of(Facts.Builder... bundles) {
    RunFacts facts = new RunFacts();
    for (Facts.Builder bundle : bundles) {
      facts.add(BatchCodec.encode(bundle.build()));
    }
    return facts;
  }

  private static Facts.Builder bundle() {
    return new Facts.Builder();
  }

  private static byte[] count(Validation.OnFail onFail, long checked, long failed) {
    return SerializableUtils.serializeToByteArray(
        new RuleCount("between(x, 0, *)", onFail, checked, failed, List.of()));
  }

  @Test
  void numbersOfOneStepAndNameAddUp() {
    RunFacts facts =
        of(
            bundle().add("read", Facts.RECORDS_IN, 5).add("read", Facts.REJECTED, 1),
            bundle().add("read", Facts.RECORDS_IN, 7).add("read", Facts.RECORDS_IN, -2));

    assertEquals(10, facts.in());
    assertEquals(1, facts.rejected());
    assertEquals(0, facts.number("read", Facts.NANOS));
    assertEquals(0, facts.number("validate", Facts.RECORDS_IN));
  }

  @Test
  void theFirstRecordIsTheEarliestOfAllWorkersAndNoStep() {
    RunFacts facts =
        of(
            bundle().add("read", ReadFiles.FIRST_RECORD, 3_000_000),
            bundle().add("read", ReadFiles.FIRST_RECORD, 1_000_000),
            bundle().add("read", ReadFiles.FIRST_RECORD, 2_000_000));

    assertEquals(OptionalLong.of(1_000_000), facts.firstRecord());
    assertEquals(List.of(), facts.inOrder());
    assertEquals(OptionalLong.empty(), of().firstRecord());
  }

  @Test
  void whatDeduplicateRejectsIsADuplicateAndNoReject() {
    RunFacts facts =
        of(
            bundle().add("read", Facts.REJECTED, 1).add("validate", Facts.REJECTED, 2),
            bundle().add(RunFacts.DEDUPE, Facts.REJECTED, 4));

    assertEquals(3, facts.rejected());
    assertEquals(4, facts.duplicates());
  }

  @Test
  void stepsStandInTheOrderOfTheFlow() {
    RunFacts facts =
        of(
            bundle()
                .add("aggregate", Facts.RECORDS_IN, 1)
                .add("own", Facts.RECORDS_IN, 1)
                .add("profile", Facts.RECORDS_IN, 1)
                .add("look back", Facts.RECORDS_IN, 1)
                .add("deduplicate", Facts.RECORDS_IN, 1)
                .add("features", Facts.RECORDS_IN, 1)
                .add("validate", Facts.RECORDS_IN, 1)
                .add("read", Facts.RECORDS_IN, 1));

    assertEquals(
        List.of(
            "read",
            "validate",
            "deduplicate",
            "look back",
            "features",
            "profile",
            "aggregate",
            "own"),
        facts.inOrder());
  }

  @Test
  void theLastStepBeforeTheOutputSaysWhatCameOut() {
    assertEquals(0, of().lastOut());
    assertEquals(
        3,
        of(bundle().add("validate", Facts.RECORDS_OUT, 3).add("read", Facts.RECORDS_OUT, 5))
            .lastOut());
  }

  @Test
  void recordsThatWereLookedAtForCopiesAreThoseThatWentNoFurther() {
    assertEquals(
        3,
        of(bundle()
                .add(RunFacts.LOOK_BACK, Facts.RECORDS_IN, 5)
                .add(RunFacts.LOOK_BACK, Facts.RECORDS_OUT, 2))
            .lookedAt());
  }

  @Test
  void aBrokenFailRuleIsAnObjectionWithTheCountsOfAllBundles() {
    RunFacts facts =
        of(
            bundle()
                .add("validate", ValidateRecords.RULE_COUNT, count(Validation.OnFail.FAIL, 10, 0))
                .add("validate", ValidateRecords.RULE_COUNT, count(Validation.OnFail.WARN, 10, 4)));
    assertEquals(List.of(), facts.objections());

    facts.add(
        BatchCodec.encode(
            bundle()
                .add("validate", ValidateRecords.RULE_COUNT, count(Validation.OnFail.FAIL, 5, 2))
                .build()));

    assertEquals(
        List.of("2 of 15 records break between(x, 0, *) (onFail: fail)"), facts.objections());
    assertEquals(2, facts.rules().size());
  }

  @Test
  void labelsThatASampleDropsAreUsedAndRowsThatItDropsWereNoRecords() {
    RunFacts labels =
        of(
            bundle()
                .add("sample", Facts.RECORDS_IN, 10)
                .add("sample", Facts.RECORDS_OUT, 4)
                .add("join", Facts.RECORDS_IN, 24));
    RunFacts rows =
        of(
            bundle()
                .add("aggregate", Facts.RECORDS_IN, 30)
                .add(RunFacts.SAMPLE_ROWS, Facts.RECORDS_IN, 10)
                .add(RunFacts.SAMPLE_ROWS, Facts.RECORDS_OUT, 4));

    assertEquals(30, labels.aggregated());
    assertEquals(0, labels.leftOut());
    assertEquals(30, rows.aggregated());
    assertEquals(6, rows.leftOut());
  }
}
