package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.io.file.publish.MemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A spec that is not on this machine's disk, as the machine that launches a template reads it. */
class RemoteSpecTest {

  private static final String TESTS =
      """
      columns: { id: int64, card: string, amount: float64, seen: timestamp }
      tests:
        - name: an hour holds the payments before its end
          input: |
            id, card, amount, seen
            1,  A,    2,      2026-03-01T10:10:00Z
          output: |
            card, window_end,           spent_1h
            A,    2026-03-01T11:00:00Z, 2
      """;

  @TempDir Path folder;
  private Payments payments;
  private MemoryStore bucket;

  @BeforeEach
  void makeJob() throws IOException {
    payments = new Payments(folder);
    payments.write("in.parquet", "1, A, 1, 2026-03-01T10:10:00Z");
    bucket = MemoryStore.create("specs");
  }

  private String stored(String name, String text) throws IOException {
    new ReportFile(bucket.path(name)).write(text);
    return bucket.path(name);
  }

  private static String refusal(String spec) {
    Payments.Result result = Payments.run("--spec=" + spec);
    assertEquals(2, result.code(), result.err());
    return result.err();
  }

  @Test
  void aSpecInABucketRunsAsOneOnDisk() throws IOException {
    String spec = stored("jobs/payments.yaml", payments.yaml(Payments.HOURLY));

    Payments.Result result = Payments.run("--spec=" + spec, "--set=name=elsewhere").succeeded();

    assertEquals("in 1 = used 1 + rejected 0 + late 0 + duplicate 0", result.balance());
    assertTrue(result.out().contains("elsewhere succeeded in "), result.out());
  }

  @Test
  void aFileUrlIsAFileOfThisMachine() throws IOException {
    Payments.run("--spec=" + payments.spec(Payments.HOURLY).toUri()).succeeded();
  }

  @Test
  void testsThatItListsAreReadBesideIt() throws IOException {
    stored("jobs/payments.test.yaml", TESTS);
    String spec =
        stored("jobs/payments.yaml", payments.yaml(Payments.HOURLY, "tests: [payments.test.yaml]"));

    Payments.Result result = Payments.run("--spec=" + spec, "--testSpec").succeeded();

    assertTrue(result.out().endsWith("\n1 passed, 0 failed\n"), result.out());
  }

  @Test
  void whatIsWrongIsToldAtItsPlace() throws IOException {
    assertEquals(
        """
        memory://specs/wrong.yaml:1:1: nam: Unknown key: 'nam'; did you mean 'name'?
            nam: payments
            ^\
        """,
        refusal(stored("wrong.yaml", payments.yaml().replace("name:", "nam:")))
            .replaceFirst("(?s)\\n\\S.*", ""));
  }

  @Test
  void aSpecThatIsNotThereIsMissing() {
    assertEquals(
        "memory://specs/none.yaml: Missing file (there is none of this name)",
        refusal(bucket.path("none.yaml")));
  }

  @Test
  void aFileSystemThatIsNotHereIsToldWithWhatBringsIt() {
    assertEquals(
        "gs://bucket/payments.yaml: No file system on the class path for gs:// (add the dependency"
            + " org.apache.beam:beam-sdks-java-extensions-google-cloud-platform-core, of Beam's"
            + " version, to pipelines/pom.xml or to your own project)",
        refusal("gs://bucket/payments.yaml"));
  }

  @Test
  void aPasswordInAUrlIsNotRepeated() {
    assertEquals(
        "https://***@host/payments.yaml: No file system on the class path for https:// (known are"
            + " azfs, gs, hdfs, s3)",
        refusal("https://ann:hunter2@host/payments.yaml"));
  }
}
