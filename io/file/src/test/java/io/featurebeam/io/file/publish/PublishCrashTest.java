package io.featurebeam.io.file.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Stops a run before each single change it makes to a store, and looks at what there is then and
 * later.
 */
class PublishCrashTest {

  private static final String[] OLD_DAYS = {"2001-01-01", "2001-01-02", "2001-01-02", "2001-01-03"};
  private static final String[] NEW_DAYS = {"2001-01-02", "2001-01-02"};

  private MemoryStore store;
  private String out;

  /** What the run that is stopped replaces. */
  private enum Case {
    NO_OLD_OUTPUT,
    ALL,
    RANGE
  }

  private void begin(Case kind) throws IOException {
    store = MemoryStore.create("crash");
    out = store.path("out");
    if (kind != Case.NO_OLD_OUTPUT) {
      new TestRun(out, "old", OLD_DAYS).run();
    }
  }

  private TestRun second(Case kind) {
    Publication publication = TestRun.partitioned(out);
    return new TestRun(
        kind == Case.RANGE
            ? publication.withMode(
                PublishMode.replaceRange(
                    TestRun.micros("2001-01-02"), TestRun.micros("2001-01-03")))
            : publication,
        "new",
        step -> {},
        NEW_DAYS);
  }

  private static List<String> before(Case kind) {
    return kind == Case.NO_OLD_OUTPUT
        ? List.of()
        : List.of("old 2001-01-01", "old 2001-01-02", "old 2001-01-02", "old 2001-01-03");
  }

  private static List<String> after(Case kind) {
    Stream<String> kept =
        kind == Case.RANGE ? Stream.of("old 2001-01-01", "old 2001-01-03") : Stream.of();
    return Stream.concat(kept, Stream.of("new 2001-01-02", "new 2001-01-02")).sorted().toList();
  }

  /** What a reader of the manifest reads; fails if it names a file that is not there. */
  private List<String> published() {
    try {
      Optional<Manifest> manifest = Manifest.read(out);
      List<String> texts = new ArrayList<>();
      for (PublishedFile file : manifest.map(Manifest::files).orElse(List.of())) {
        byte[] bytes = store.below("out/").get(file.path());
        assertTrue(
            bytes != null, () -> "the manifest names a file that is not there: " + file.path());
        assertEquals(file.bytes(), bytes.length);
        texts.add(new String(bytes, StandardCharsets.UTF_8));
      }
      return texts.stream().sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What a reader that lists the folder reads. */
  private List<String> listed() {
    return store.below("out/").entrySet().stream()
        .filter(e -> !e.getKey().startsWith("_"))
        .map(Map.Entry::getValue)
        .map(b -> new String(b, StandardCharsets.UTF_8))
        .sorted()
        .toList();
  }

  private void assertNothingElse() {
    assertEquals(published(), listed());
    assertEquals(List.of("manifest.json"), List.copyOf(store.below("out/_featurebeam/").keySet()));
  }

  /** Whether the run ended before it was stopped. */
  private boolean stops(TestRun run, int change) throws IOException {
    store.stopAt(change);
    try {
      run.run();
      return false;
    } catch (MemoryStore.Stopped e) {
      return true;
    } finally {
      store.goOn();
    }
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void stoppedAnywhereThereIsTheOldOutputOrTheNewOne(Case kind) throws IOException {
    for (int change = 0; ; change++) {
      begin(kind);
      boolean stopped = stops(second(kind), change);
      List<String> found = published();
      assertTrue(found.equals(before(kind)) || found.equals(after(kind)), found.toString());
      if (!stopped) {
        assertEquals(after(kind), found);
        assertNothingElse();
        assertTrue(change > 15, "few changes: " + change);
        return;
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void nextRunAfterAStopAnywhereLeavesItsOutputAlone(Case kind) throws IOException {
    for (int change = 0; ; change++) {
      begin(kind);
      boolean stopped = stops(second(kind), change);
      TestRun next = new TestRun(out, "next", "2001-01-05");
      next.run();
      assertEquals(next.texts(), published());
      assertNothingElse();
      if (!stopped) {
        return;
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void recoverAfterAStopAnywhereGivesOneOutputAndNoLeftovers(Case kind) throws IOException {
    for (int change = 0; ; change++) {
      begin(kind);
      boolean stopped = stops(second(kind), change);
      List<String> found = published();
      Publisher.recover(out);
      assertTrue(
          published().equals(before(kind)) || published().equals(after(kind)),
          published().toString());
      assertTrue(
          found.equals(before(kind)) || published().equals(after(kind)), "new became old again");
      if (Manifest.read(out).isPresent()) {
        assertNothingElse();
      } else {
        assertEquals(Map.of(), store.below("out/"));
      }
      if (!stopped) {
        return;
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void recoverThatIsStoppedAnywhereIsDoneByTheNextOne(Case kind) throws IOException {
    for (int change = 0; change < 60; change += 3) {
      for (int again = 0; again < 20; again++) {
        begin(kind);
        stops(second(kind), change);
        store.stopAt(again);
        try {
          Publisher.recover(out);
        } catch (MemoryStore.Stopped e) {
          // as wanted
        }
        store.goOn();
        Publisher.recover(out);
        assertTrue(
            published().equals(before(kind)) || published().equals(after(kind)),
            published().toString());
        assertEquals(published(), listed());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void sameAttemptAgainAfterAStopAnywhereEndsAsIfItHadNotBeenStopped(Case kind) throws IOException {
    for (int change = 0; ; change++) {
      begin(kind);
      TestRun run = second(kind);
      run.publisher.claim();
      List<WrittenFile> files = run.write();
      store.stopAt(change);
      boolean stopped = false;
      try {
        run.publisher.publish(files);
      } catch (MemoryStore.Stopped e) {
        stopped = true;
      }
      store.goOn();
      PublishOutcome outcome = run.publisher.publish(files);
      assertEquals(new PublishOutcome(out + "/", "new", true, 2, 2, 28, List.of()), outcome);
      assertEquals(after(kind), published());
      assertNothingElse();
      if (!stopped) {
        return;
      }
    }
  }

  @Test
  void withholdingStoppedAnywhereLeavesTheOldOutput() throws IOException {
    for (int change = 0; ; change++) {
      begin(Case.ALL);
      TestRun run = second(Case.ALL);
      run.publisher.claim();
      run.write();
      store.stopAt(change);
      boolean stopped = false;
      try {
        run.publisher.withhold(List.of("no"));
      } catch (MemoryStore.Stopped e) {
        stopped = true;
      }
      store.goOn();
      assertEquals(before(Case.ALL), published());
      run.publisher.withhold(List.of("no"));
      assertEquals(before(Case.ALL), published());
      assertNothingElse();
      if (!stopped) {
        return;
      }
    }
  }

  /**
   * The window in which a reader that lists sees both begins with the first move; data is never
   * missing.
   */
  @ParameterizedTest
  @EnumSource(Case.class)
  void listedFilesAreNeverFewerThanTheManifestSays(Case kind) throws IOException {
    begin(kind);
    TestRun run = second(kind);
    run.publisher.claim();
    List<WrittenFile> files = run.write();
    List<Integer> mixed = new ArrayList<>();
    store.watch(
        change -> {
          List<String> listed = new ArrayList<>(listed());
          for (String text : published()) {
            assertTrue(listed.remove(text), text);
          }
          if (!listed.isEmpty()) {
            mixed.add(change);
          }
        });
    run.publisher.publish(files);
    int deleted = kind == Case.NO_OLD_OUTPUT ? 0 : kind == Case.ALL ? 4 : 2;
    int moves = 2 * files.size();
    int manifest = deleted == 0 ? 2 : 3; // written under another name, copied; that name is deleted
    assertEquals(moves - 1 + manifest + deleted, mixed.size(), mixed.toString());
    store.goOn();
    assertNothingElse();
  }
}
