package io.featurebeam.io.file.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How an output was made stands in its manifest, and manifests of earlier runs are kept. */
class VersionsTest {

  private static final Origin ORIGIN =
      new Origin(
          "DirectRunner",
          new Origin.Code("1.0", null, "ab12"),
          null,
          null,
          List.of(Origin.Input.file("b.csv", 7), Origin.Input.file("a.csv", 5)),
          List.of("name: flights", "eventTime: at"));

  private MemoryStore store;
  private String out;

  @BeforeEach
  void empty() {
    store = MemoryStore.create("versions");
    out = store.path("out");
  }

  private Publication publication(int kept) {
    return TestRun.partitioned(out).withOrigin(ORIGIN, kept);
  }

  private void run(String id, int kept) throws IOException {
    new TestRun(publication(kept), id, step -> {}, "2001-01-01").run();
  }

  private List<String> versions() throws IOException {
    return Manifest.versions(out).stream().map(Manifest::runId).toList();
  }

  @Test
  void earlierManifestsAreKeptTheLatestFirst() throws IOException {
    run("r1", 2);
    assertEquals(List.of("r1"), versions());
    run("r2", 2);
    run("r3", 2);
    assertEquals(List.of("r3", "r2", "r1"), versions());
    run("r4", 2);
    assertEquals(List.of("r4", "r3", "r2"), versions());
    assertEquals(
        List.of("manifest.json", "versions/r2.json", "versions/r3.json"),
        List.copyOf(store.below("out/_featurebeam/").keySet()));
  }

  @Test
  void noneAreKeptIfNoneAreWanted() throws IOException {
    run("r1", 2);
    run("r2", 2);
    run("r3", 0);
    assertEquals(List.of("r3"), versions());
  }

  @Test
  void anInterruptedPublishLosesNoVersionAndTellsNoneTwice() throws IOException {
    run("r1", 9);
    for (String step : List.of("keep manifest", "manifest", "delete replaced")) {
      String id = "r2-" + step.replace(' ', '-');
      TestRun killed =
          new TestRun(
              publication(9),
              id,
              at -> {
                if (at.equals(step)) {
                  throw new IllegalStateException("killed before " + step);
                }
              },
              "2001-01-01");
      assertThrows(IllegalStateException.class, killed::run);
      Publisher.recover(out);
      assertEquals(id, versions().get(0), step);
      assertEquals(List.copyOf(new java.util.LinkedHashSet<>(versions())), versions(), step);
    }
    assertEquals(List.of("r2-manifest", "r2-keep-manifest", "r1"), versions().subList(1, 4));
  }

  @Test
  void aManifestSaysHowTheOutputWasMade() throws IOException {
    new TestRun(publication(0).withHashes(Map.of("a.csv", "0123")), "r1", step -> {}, "2001-01-01")
        .run();

    Origin origin = Manifest.read(out).orElseThrow().origin();
    assertEquals(
        List.of(Origin.Input.file("a.csv", 5).withSha256("0123"), Origin.Input.file("b.csv", 7)),
        origin.inputs());
    assertEquals(List.of("name: flights", "eventTime: at"), origin.specText());
    String json =
        new String(store.below("out/_featurebeam/").get("manifest.json"), StandardCharsets.UTF_8);
    assertTrue(
        json.contains(
            """
              "origin" : {
                "runner" : "DirectRunner",
                "code" : {
                  "version" : "1.0",
                  "classes" : "ab12"
                },
                "inputs" : [
                  {
                    "kind" : "file",
                    "name" : "a.csv",
                    "bytes" : 5,
                    "sha256" : "0123"
                  },
                  {
                    "kind" : "file",
                    "name" : "b.csv",
                    "bytes" : 7
                  }
                ],
                "specText" : [
                  "name: flights",
                  "eventTime: at"
                ]
              },
            """),
        json);
  }

  @Test
  void runsOverRangesCoverThemTogether() throws IOException {
    range("2001-01-01", "2001-01-02");
    range("2001-01-04", "2001-01-05");
    assertEquals(
        List.of(day("2001-01-01", "2001-01-02"), day("2001-01-04", "2001-01-05")), covers());
    range("2001-01-02", "2001-01-04");
    assertEquals(List.of(day("2001-01-01", "2001-01-05")), covers());
    run("whole", 0);
    assertNull(covers());
    range("2001-01-02", "2001-01-03");
    assertNull(covers());
  }

  private List<Origin.Range> covers() throws IOException {
    return Manifest.read(out).orElseThrow().origin().covers();
  }

  private static Origin.Range day(String from, String to) {
    return new Origin.Range(from + "T00:00:00Z", to + "T00:00:00Z");
  }

  private void range(String from, String to) throws IOException {
    Origin ranged =
        new Origin(
            "DirectRunner", ORIGIN.code(), day(from, to), null, List.of(), ORIGIN.specText());
    Publication publication =
        TestRun.partitioned(out)
            .withMode(PublishMode.replaceRange(TestRun.micros(from), TestRun.micros(to)))
            .withOrigin(ranged, 0);
    new TestRun(publication, "range-" + from, step -> {}, from).run();
  }

  @Test
  void aManifestOfAnOlderReleaseIsReadAndKept() throws IOException {
    new TestRun(out, "r1", "2001-01-01").run();
    put(
        "out/_featurebeam/manifest.json",
        """
        {"version":1,"runId":"r1","created":"2001-02-03T04:05:06Z","spec":null,"specHash":null,
         "schema":[{"name":"at","type":"timestamp","nullable":true},
                   {"name":"n","type":"int64","nullable":true}],
         "partitionBy":["day(at)"],
         "files":[{"path":"at_day=2001-01-01/r1-00000.txt","rows":1,"bytes":15,
                   "partition":{"at_day":"2001-01-01"},"minEventTime":null,"maxEventTime":null}]}
        """);

    Manifest old = Manifest.read(out).orElseThrow();
    assertEquals(1, old.rows());
    assertNull(old.origin());
    assertNull(old.content());
    run("r2", 5);
    assertEquals(old, Manifest.versions(out).get(1));
  }

  @Test
  void aDamagedManifestSaysWhatIsWrong() throws IOException {
    put("copy.json", "{\"version\":2,\"runId\":\"r1\"}");
    String copy = store.path("copy.json");
    IOException error = assertThrows(IOException.class, () -> Manifest.readFile(copy));
    assertEquals(
        "Cannot read "
            + copy
            + ": schema is missing (restore it, or move the output away and run again)",
        error.getMessage());

    put(
        "copy.json",
        "{\"version\":7,\"runId\":\"r1\",\"schema\":[],\"partitionBy\":[],\"files\":[]}");
    assertEquals(
        copy + " has version 7 (this release reads 2); update FeatureBeam",
        assertThrows(IOException.class, () -> Manifest.readFile(copy)).getMessage());
    String missing = store.path("none.json");
    assertEquals(
        "Missing manifest: " + missing,
        assertThrows(FileNotFoundException.class, () -> Manifest.readFile(missing)).getMessage());
  }

  private void put(String name, String text) throws IOException {
    int slash = name.lastIndexOf('/') + 1;
    OutputFolder folder = OutputFolder.of(store.path(name.substring(0, slash)));
    try (var channel = folder.create(name.substring(slash))) {
      channel.write(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
