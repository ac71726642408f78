package io.featurebeam.io.file.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublisherTest {

  private MemoryStore store;
  private String out;

  @BeforeEach
  void empty() {
    store = MemoryStore.create("publisher");
    out = store.path("out");
  }

  private List<String> listed() {
    return store.below("out/").entrySet().stream()
        .filter(e -> !e.getKey().startsWith("_"))
        .map(e -> new String(e.getValue(), StandardCharsets.UTF_8))
        .sorted()
        .toList();
  }

  private void assertOutputIs(TestRun run) throws IOException {
    assertEquals(run.id, Manifest.read(out).orElseThrow().runId());
    assertEquals(run.texts(), listed());
    assertEquals(List.of("manifest.json"), List.copyOf(store.below("out/_featurebeam/").keySet()));
  }

  @Test
  void anOutputIsTriedWithoutATrace() throws IOException {
    TestRun run = new TestRun(out, "run1", "2001-01-01");
    run.run();
    var before = store.below("out/").keySet();

    Publication.of(out, RecordSchema.of()).checkWritable();

    assertEquals(before, store.below("out/").keySet());
  }

  @Test
  void manifestSaysWhatIsPublished() throws IOException {
    new TestRun(out, "run1", "2001-01-01").run();
    Manifest manifest = Manifest.read(out).orElseThrow();
    assertEquals(
        new Manifest(
            2,
            "run1",
            "2001-02-03T04:05:06Z",
            null,
            null,
            null,
            List.of(
                new Manifest.ColumnEntry("at", "timestamp", true),
                new Manifest.ColumnEntry("n", "int64", true)),
            List.of("day(at)"),
            new Content(1, null, List.of(new Content.Partition("at_day=2001-01-01", 1, null))),
            List.of(
                new PublishedFile(
                    "at_day=2001-01-01/run1-00000.txt",
                    1,
                    15,
                    Map.of("at_day", "2001-01-01"),
                    978_307_200_000_000L,
                    978_307_200_000_000L))),
        manifest);
    assertEquals(List.of(store.path("out/at_day=2001-01-01/run1-00000.txt")), manifest.paths(out));
  }

  @Test
  void outputOfAnotherSpecIsReplacedOnlyIfToldTo() throws IOException {
    Publication flights = TestRun.partitioned(out).withSpec("flights", "1");
    Publication delays = TestRun.partitioned(out).withSpec("delays", "2");
    TestRun first = new TestRun(flights, "first", step -> {}, "2001-01-01");
    first.run();

    String refused =
        "Output path is of another spec: memory://publisher/out/ was published by 'flights', this"
            + " is 'delays' (choose another path, or set overwrite: true to replace it; once is"
            + " enough, as after a rename)";
    assertEquals(refused, assertThrows(IllegalArgumentException.class, delays::check).getMessage());
    TestRun second = new TestRun(delays, "second", step -> {}, "2001-01-02");
    assertEquals(refused, assertThrows(IllegalArgumentException.class, second::run).getMessage());
    assertEquals(first.texts(), listed());

    new TestRun(delays.withOverwrite(true), "third", step -> {}, "2001-01-02").run();
    assertEquals("delays", Manifest.read(out).orElseThrow().spec());
    TestRun fourth = new TestRun(delays, "fourth", step -> {}, "2001-01-03");
    fourth.run();
    assertOutputIs(fourth);
  }

  @Test
  void rangeKeepsTheFormatOfTheOtherFiles() throws IOException {
    new TestRun(out, "first", "2001-01-01").run();
    Publication range =
        TestRun.partitioned(out)
            .withMode(
                PublishMode.replaceRange(
                    TestRun.micros("2001-01-02"), TestRun.micros("2001-01-03")));
    assertEquals(
        "Cannot replace 2001-01-02T00:00:00Z to 2001-01-03T00:00:00Z in memory://publisher/out/: it"
            + " holds at_day=2001-01-01/first-00000.txt, this run writes .parquet files (run over"
            + " all of the input to replace all)",
        assertThrows(IllegalArgumentException.class, () -> range.withExtension("parquet").check())
            .getMessage());
    range.withExtension("txt").check();
    TestRun.partitioned(out).withExtension("parquet").check();
  }

  @Test
  void olderRunFindsThatANewerOneClaimedAndChangesNothing() throws IOException {
    TestRun old = new TestRun(out, "old", "2001-01-01");
    old.run();
    TestRun first = new TestRun(out, "first", "2001-01-02");
    first.publisher.claim();
    List<WrittenFile> files = first.write();
    TestRun second = new TestRun(out, "second", "2001-01-03");
    second.publisher.claim();
    List<WrittenFile> secondFiles = second.write();
    IOException error = assertThrows(IOException.class, () -> first.publisher.publish(files));
    assertEquals(
        "Cannot publish run first to memory://publisher/out/: run second claimed it at"
            + " 2001-02-03T04:05:06Z; nothing of this run is published (let one run at a time write"
            + " there)",
        error.getMessage());
    assertEquals(old.texts(), listed());
    assertEquals(Map.of(), store.below("out/_featurebeam/tmp/first/"));
    second.publisher.publish(secondFiles);
    assertOutputIs(second);
  }

  @Test
  void olderRunFindsThatANewerOneHasPublished() throws IOException {
    TestRun first = new TestRun(out, "first", "2001-01-02");
    first.publisher.claim();
    List<WrittenFile> files = first.write();
    TestRun second = new TestRun(out, "second", "2001-01-03");
    second.run();
    IOException error = assertThrows(IOException.class, () -> first.publisher.publish(files));
    assertEquals(
        "Cannot publish run first to memory://publisher/out/: another run has published there since"
            + " this one began; nothing of this run is published (let one run at a time write there)",
        error.getMessage());
    assertOutputIs(second);
  }

  @Test
  void newerRunThatPublishesWhileAnOlderOneMovesWins() throws IOException {
    TestRun second = new TestRun(out, "second", "2001-01-03");
    List<PublishOutcome> outcomes = new ArrayList<>();
    Recovery.StepHook overtake =
        step -> {
          if (step.equals("move")) {
            outcomes.add(unchecked(second::run));
          }
        };
    TestRun first =
        new TestRun(TestRun.partitioned(out), "first", overtake, "2001-01-02", "2001-01-04");
    IOException error = assertThrows(IOException.class, first::run);
    assertEquals(
        "Cannot publish run first to memory://publisher/out/: a newer run took the output over;"
            + " nothing of this run is published (let one run at a time write there)",
        error.getMessage());
    assertEquals(1, outcomes.size());
    assertOutputIs(second);
  }

  private static <T> T unchecked(Callable<T> call) {
    try {
      return call.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Whenever the newer run claims, the older one ends whole or not at all, and the newer one wins.
   */
  @Test
  void newerRunMayClaimAtAnyTime() throws IOException {
    int lost = 0;
    for (int at = 0; at < 60; at++) {
      empty();
      new TestRun(out, "old", "2001-01-01").run();
      TestRun first = new TestRun(out, "first", "2001-01-01", "2001-01-02");
      TestRun second = new TestRun(out, "second", "2001-01-02", "2001-01-03");
      first.publisher.claim();
      List<WrittenFile> files = first.write();
      List<List<WrittenFile>> written = new ArrayList<>();
      int now = at;
      store.watch(
          change -> {
            if (change == now && written.isEmpty()) {
              store.goOn();
              unchecked(
                  () -> {
                    second.publisher.claim();
                    return written.add(second.write());
                  });
            }
          });
      try {
        first.publisher.publish(files);
        assertEquals(first.texts(), listed());
      } catch (IOException e) {
        String message = e.getMessage();
        assertTrue(
            message.contains("claimed it at")
                || message.contains("a newer run took the output over"),
            message);
      }
      store.goOn();
      if (written.isEmpty()) {
        assertTrue(at > 10, "few changes: " + at);
        assertEquals(1, lost, "only while the older one deletes its claim");
        return;
      }
      try {
        second.publisher.publish(written.get(0));
        assertOutputIs(second);
      } catch (IOException e) {
        assertTrue(e.getMessage().contains("another run has published there"), e.getMessage());
        assertOutputIs(first);
        lost++;
      }
    }
  }

  @Test
  void claimDeletesTheTemporaryFilesOfAKilledRun() throws IOException {
    TestRun old = new TestRun(out, "old", "2001-01-01");
    old.run();
    TestRun killed = new TestRun(out, "killed", "2001-01-02");
    killed.publisher.claim();
    assertEquals(1, killed.write().size());
    TestRun run = new TestRun(out, "run1", "2001-01-03");
    run.publisher.claim();
    run.publisher.claim();
    assertEquals(
        List.of("claim.json", "manifest.json"),
        List.copyOf(store.below("out/_featurebeam/").keySet()));
    List<WrittenFile> files = run.write();
    run.publisher.claim();
    run.publisher.publish(files);
    assertOutputIs(run);
  }

  /** So that what a run reads of the output before it publishes is what it will replace. */
  @Test
  void claimFinishesThePublishOfAKilledRun() throws IOException {
    new TestRun(out, "old", "2001-01-01").run();
    TestRun killed = new TestRun(out, "killed", "2001-01-02", "2001-01-03");
    store.stopAt(3 + 2 + 3 + 1); // claim, files, journal, one file copied
    assertThrows(MemoryStore.Stopped.class, killed::run);
    store.goOn();
    new TestRun(out, "run1").publisher.claim();
    assertEquals("killed", Manifest.read(out).orElseThrow().runId());
    assertEquals(killed.texts(), listed());
    assertEquals(
        List.of("claim.json", "manifest.json"),
        List.copyOf(store.below("out/_featurebeam/").keySet()));
  }

  @Test
  void abandonedRunLeavesNothing() throws IOException {
    TestRun old = new TestRun(out, "old", "2001-01-01");
    old.run();
    TestRun failed = new TestRun(out, "failed", "2001-01-02");
    failed.publisher.claim();
    assertEquals(1, failed.write().size());
    failed.publisher.abandon();
    assertOutputIs(old);
  }

  @Test
  void abandonedRunThatHadBegunToPublishIsFinishedByTheNextOne() throws IOException {
    TestRun failed = new TestRun(out, "failed", "2001-01-02", "2001-01-03");
    store.stopAt(3 + 2 + 3 + 1); // claim, files, journal, one file copied
    assertThrows(MemoryStore.Stopped.class, failed::run);
    store.goOn();
    failed.publisher.abandon();
    assertEquals(List.of("failed 2001-01-02"), listed());
    new TestRun(out, "next").publisher.claim();
    assertEquals(failed.texts(), listed());
  }

  @Test
  void runAbandonedAfterANewerOneClaimedLeavesThatOneAlone() throws IOException {
    TestRun failed = new TestRun(out, "failed", "2001-01-02");
    failed.publisher.claim();
    TestRun newer = new TestRun(out, "newer", "2001-01-03");
    newer.publisher.claim();
    List<WrittenFile> files = newer.write();
    assertEquals(1, failed.write().size());
    failed.publisher.abandon();
    newer.publisher.publish(files);
    assertOutputIs(newer);
  }

  @Test
  void publishingTwiceIsPublishingOnce() throws IOException {
    TestRun run = new TestRun(out, "run1", "2001-01-01", "2001-01-02");
    run.publisher.claim();
    List<WrittenFile> files = run.write();
    PublishOutcome first = run.publisher.publish(files);
    assertEquals(first, run.publisher.publish(files));
    assertEquals(new PublishOutcome(out + "/", "run1", true, 2, 2, 30, List.of()), first);
    assertOutputIs(run);
  }

  @Test
  void runWhoseIdBeginsWithAnothersCountsItsOwnFiles() throws IOException {
    new TestRun(out, "run1-2", "2001-01-01").run();
    Publication range =
        TestRun.partitioned(out)
            .withMode(
                PublishMode.replaceRange(
                    TestRun.micros("2001-01-02"), TestRun.micros("2001-01-03")));
    assertEquals(1, new TestRun(range, "run1", step -> {}, "2001-01-02").run().files());
  }

  @Test
  void fileOfAnotherLengthThanWrittenIsNotPublished() throws IOException {
    TestRun old = new TestRun(out, "old", "2001-01-01");
    old.run();
    TestRun run = new TestRun(out, "run1", "2001-01-02");
    run.publisher.claim();
    WrittenFile file = run.write().get(0);
    WrittenFile longer =
        new WrittenFile(file.tempPath(), file.folder(), file.partition(), 1, 99, null, null);
    IOException cut = assertThrows(IOException.class, () -> run.publisher.publish(List.of(longer)));
    assertEquals(
        "Cannot publish run run1 to memory://publisher/out/: temporary file "
            + file.tempPath()
            + " has 15 bytes (must have 99); the old output stands, run again",
        cut.getMessage());
    run.publication.output().delete(List.of(file.tempPath()));
    IOException gone = assertThrows(IOException.class, () -> run.publisher.publish(List.of(file)));
    assertEquals(
        "Cannot publish run run1 to memory://publisher/out/: temporary file "
            + file.tempPath()
            + " is missing; the old output stands, run again",
        gone.getMessage());
    assertEquals(old.texts(), listed());
  }

  @Test
  void undoneIfTemporaryFilesAreGone() throws IOException {
    TestRun old = new TestRun(out, "old", "2001-01-01");
    old.run();
    TestRun run = new TestRun(out, "run1", "2001-01-01", "2001-01-02");
    store.stopAt(3 + 2 + 3 + 1); // claim, files, journal, one file copied
    assertThrows(MemoryStore.Stopped.class, run::run);
    store.goOn();
    assertEquals(2, listed().size());
    OutputFolder output = run.publication.output();
    output.delete(output.list(OutputFolder.TEMP).keySet());
    Publisher.recover(out);
    assertOutputIs(old);
  }

  private void assertUnreadable(String file, String text, Consumer<IOException> check)
      throws IOException {
    new TestRun(out, "old", "2001-01-01").run();
    OutputFolder output = OutputFolder.of(out);
    try (var channel = output.create(file)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
    Map<String, byte[]> before = store.below("out/");
    check.accept(assertThrows(IOException.class, () -> Publisher.recover(out)));
    assertEquals(before.keySet(), store.below("out/").keySet());
  }

  @Test
  void brokenJournalIsAnErrorWithTheWayOut() throws IOException {
    assertUnreadable(
        OutputFolder.JOURNAL,
        "{",
        e -> {
          assertTrue(
              e.getMessage()
                  .startsWith("Cannot read memory://publisher/out/_featurebeam/publish.json: "),
              e.getMessage());
          assertTrue(
              e.getMessage().endsWith(" (restore it, or move the output away and run again)"),
              e.getMessage());
        });
  }

  @Test
  void journalThatLeavesTheFolderIsRefused() throws IOException {
    assertUnreadable(
        OutputFolder.JOURNAL,
        "{\"version\":1,\"runId\":\"x\",\"moves\":[],\"deletes\":[\"../other/file\"],\"manifest\":null}",
        e ->
            assertTrue(
                e.getMessage()
                    .contains(
                        "Invalid path in an output: '../other/file' (must be relative and stay"
                            + " inside)"),
                e.getMessage()));
  }

  @Test
  void manifestOfANewerReleaseIsNotTouched() throws IOException {
    new TestRun(out, "old", "2001-01-01").run();
    Manifest m = Manifest.read(out).orElseThrow();
    OutputFolder.of(out)
        .writeJson(
            OutputFolder.MANIFEST,
            new Manifest(
                3,
                m.runId(),
                m.created(),
                null,
                null,
                null,
                m.schema(),
                m.partitionBy(),
                null,
                m.files()));
    IOException error =
        assertThrows(IOException.class, () -> new TestRun(out, "new", "2001-01-01").run());
    assertEquals(
        "memory://publisher/out/_featurebeam/manifest.json has version 3 (this release reads 2);"
            + " update FeatureBeam",
        error.getMessage());
  }

  @Test
  void withholdingByAnOlderRunLeavesTheNewerOneAlone() throws IOException {
    TestRun first = new TestRun(out, "first", "2001-01-01");
    first.publisher.claim();
    first.write();
    TestRun second = new TestRun(out, "second", "2001-01-02");
    second.publisher.claim();
    List<WrittenFile> files = second.write();
    assertEquals(
        new PublishOutcome(out + "/", "first", false, 0, 0, 0, List.of("no")),
        first.publisher.withhold(List.of("no")));
    assertEquals(Map.of(), store.below("out/_featurebeam/tmp/first/"));
    second.publisher.publish(files);
    assertOutputIs(second);
  }

  @Test
  void withholdingTheFirstRunLeavesNothing() throws IOException {
    TestRun run = new TestRun(out, "run1", "2001-01-01");
    run.publisher.claim();
    run.write();
    run.publisher.withhold(List.of("no"));
    assertEquals(Map.of(), store.below(""));
  }

  @Test
  void rangeOfAnOutputOfOtherColumnsOrPartitionsIsRefused() throws IOException {
    new TestRun(out, "old", "2001-01-01").run();
    PublishMode day =
        PublishMode.replaceRange(TestRun.micros("2001-01-01"), TestRun.micros("2001-01-02"));
    RecordSchema other = RecordSchema.of(TestRun.SCHEMA.field(0));
    Publication columns =
        Publication.of(out, other)
            .withPartitionBy(PartitionBy.parse("day(at)"))
            .withEventTime("at")
            .withMode(day);
    assertEquals(
        "Cannot replace 2001-01-01T00:00:00Z to 2001-01-02T00:00:00Z in memory://publisher/out/: its"
            + " columns are (at timestamp, n int64), this run's are (at timestamp) (run over all of the"
            + " input to replace all)",
        assertThrows(IllegalArgumentException.class, columns::check).getMessage());
    Publication partitions =
        TestRun.partitioned(out).withPartitionBy(PartitionBy.parse("hour(at)")).withMode(day);
    assertEquals(
        "Cannot replace 2001-01-01T00:00:00Z to 2001-01-02T00:00:00Z in memory://publisher/out/: it is"
            + " partitioned by [day(at)], this run's output by [hour(at)] (run over all of the input to"
            + " replace all)",
        assertThrows(IllegalArgumentException.class, partitions::check).getMessage());
  }

  @Test
  void rangeWithAnOpenEndReplacesAllFromItsStart() throws IOException {
    new TestRun(out, "old", "2001-01-01", "2001-01-02", "2001-01-03").run();
    Publication later =
        TestRun.partitioned(out)
            .withMode(PublishMode.replaceRange(TestRun.micros("2001-01-02"), Long.MAX_VALUE));
    later.check();
    new TestRun(later, "new", step -> {}, "2001-01-05").run();
    assertEquals(List.of("new 2001-01-05", "old 2001-01-01"), listed());
    Publication earlier =
        TestRun.partitioned(out)
            .withMode(PublishMode.replaceRange(Long.MIN_VALUE, TestRun.micros("2001-01-02")));
    earlier.check();
    new TestRun(earlier, "first", step -> {}).run();
    assertEquals(List.of("new 2001-01-05"), listed());
    assertEquals(
        "Cannot replace 2001-01-01T00:00:00.000001Z to the end: both bounds must be the start of a"
            + " UTC day, as the output is partitioned by day(at)",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TestRun.partitioned(out)
                        .withMode(
                            PublishMode.replaceRange(
                                TestRun.micros("2001-01-01") + 1, Long.MAX_VALUE))
                        .check())
            .getMessage());
  }

  @Test
  void misalignedOrUnpartitionedRangeIsRefused() {
    PublishMode noon =
        PublishMode.replaceRange(TestRun.micros("2001-01-01") + 1, TestRun.micros("2001-01-02"));
    assertEquals(
        "Cannot replace 2001-01-01T00:00:00.000001Z to 2001-01-02T00:00:00Z: both bounds must be the"
            + " start of a UTC day, as the output is partitioned by day(at)",
        assertThrows(
                IllegalArgumentException.class,
                () -> TestRun.partitioned(out).withMode(noon).check())
            .getMessage());
    assertEquals(
        "Cannot replace 2001-01-01T00:00:00.000001Z to 2001-01-02T00:00:00Z: the output is not"
            + " partitioned by time (partitionBy: [n]; add day(at), or replace all)",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TestRun.partitioned(out)
                        .withPartitionBy(PartitionBy.parse("n"))
                        .withMode(noon)
                        .check())
            .getMessage());
    assertEquals(
        "Invalid range: 2001-01-01T00:00:00Z to 2001-01-01T00:00:00Z (from must be before to)",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    PublishMode.replaceRange(
                        TestRun.micros("2001-01-01"), TestRun.micros("2001-01-01")))
            .getMessage());
  }

  @Test
  void noSpaceForTheClaimIsAnErrorThatNamesTheOutput() {
    store.limit(10);
    TestRun run = new TestRun(out, "run1");
    IOException error = assertThrows(IOException.class, run.publisher::claim);
    assertEquals(
        "Cannot write to output path: memory://publisher/out/ (No space left on device; nothing is"
            + " changed: free space, make it writable or choose another path, and run again)",
        error.getMessage());
  }

  @Test
  void noSpaceForTheJournalLeavesTheOldOutputAndTheNextRunIsClean() throws IOException {
    TestRun old = new TestRun(out, "old", "2001-01-01");
    old.run();
    TestRun run = new TestRun(out, "run1", "2001-01-02");
    run.publisher.claim();
    List<WrittenFile> files = run.write();
    store.limit(100);
    IOException error = assertThrows(IOException.class, () -> run.publisher.publish(files));
    assertEquals(
        "Cannot publish run run1 to memory://publisher/out/: No space left on device (free space or"
            + " make the folder writable, and run again, which puts it right)",
        error.getMessage());
    assertEquals(old.texts(), listed());
    store.limit(Long.MAX_VALUE);
    TestRun next = new TestRun(out, "next", "2001-01-03");
    next.run();
    assertOutputIs(next);
  }

  @Test
  void folderBelowAFileFailsWithItsPath(@TempDir Path temp) throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    TestRun run = new TestRun(file + "/out", "run1");
    IOException error = assertThrows(IOException.class, run.publisher::claim);
    assertTrue(
        error.getMessage().startsWith("Cannot write to output path: " + file + "/out/ ("),
        error.getMessage());
    assertEquals("x", Files.readString(file));
  }

  @Test
  void runIdThatIsNoFileNameIsRefused() {
    assertEquals(
        "Invalid run id: '../x' (must be ASCII letters, digits, - and _)",
        assertThrows(IllegalArgumentException.class, () -> new TestRun(out, "../x")).getMessage());
  }

  @Test
  void listingWithAServersNameIsUnderstood() {
    assertEquals("a/b", OutputFolder.relative("hdfs:///out/", "hdfs://server:8020/out/a/b"));
    assertEquals("a/b", OutputFolder.relative("/out/", "/out/a/b"));
    assertThrows(
        IllegalStateException.class, () -> OutputFolder.relative("gs://b/out/", "gs://b/other/a"));
  }
}
