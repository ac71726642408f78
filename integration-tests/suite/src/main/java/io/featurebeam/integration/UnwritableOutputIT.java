package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.featurebeam.io.file.publish.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What cannot be written ends the run in words that lead on; the old output stands, and nothing of
 * the run is left to fill the disk.
 */
class UnwritableOutputIT {

  private static final String SPEC =
      """
      name: readings
      source:
        parquet: { path: INPUT }
      eventTime: seen
      keys: [sensor]
      validate:
        - { column: value, rule: between, min: 0 }
      aggregate:
        window: 1h
        emit: windowClose
        features:
          mean: { mean: value }
      sink:
        parquet: { path: OUTPUT/features }
      rejects: { path: OUTPUT/rejects }
      report: { path: REPORT }
      """;

  @TempDir Path folder;
  private Path disk;

  @BeforeEach
  void writeReadings() throws IOException {
    disk = Files.createDirectory(folder.resolve("disk"));
    Duck.copy(
        "SELECT 's' || (i % 40) AS sensor, hash(i) / 1e19 AS value,"
            + " TIMESTAMP '2026-01-01' + to_seconds(i * 60) AS seen FROM range(20000) t(i)",
        folder.resolve("input.parquet"), "parquet");
  }

  @AfterEach
  void lift() {
    TestDisk.limit(Long.MAX_VALUE);
    TestDisk.refuse("");
  }

  private Job job(String output, String report) throws IOException {
    return Job.of(
        folder,
        SPEC.replace("INPUT", folder.resolve("input.parquet").toString())
            .replace("OUTPUT", output)
            .replace("REPORT", report));
  }

  private Job job(String output) throws IOException {
    return job(output, folder.resolve("report.html").toString());
  }

  private Output features() {
    return new Output(disk.resolve("features"));
  }

  private Output rejects() {
    return new Output(disk.resolve("rejects"));
  }

  private void assertFails(int code, String text, Job job) {
    Job.Result result = job.run();
    String plain =
        result
            .err()
            .replace(folder.toString(), "FOLDER")
            .replaceAll("tmp/[-0-9a-f]+/[-0-9a-f]+\\.parquet", "tmp/RUN/FILE.parquet")
            .replaceAll("json\\.[-0-9a-f]+\\.tmp", "json.SOME.tmp")
            .replaceAll("publish run [-0-9a-f]+", "publish run RUN")
            .replaceAll("after \\d+ records", "after SOME records");
    assertEquals(text, plain, "message");
    assertEquals(code, result.exitCode(), "exit code");
  }

  @Test
  void noSpaceForFiles() throws IOException {
    job(TestDisk.path(disk)).succeed();
    Manifest features = features().manifest();
    Manifest rejects = rejects().manifest();
    TestDisk.limit(2_000);

    assertFails(
        1,
        """
        Run failed: Cannot write disk://FOLDER/disk/features/_featurebeam/tmp/RUN/FILE.parquet \
        (after SOME records): No space left on device; the old output stands. Free space or choose \
        another output path, and run again
        """,
        job(TestDisk.path(disk)));

    assertEquals(features, features().assertClean().manifest());
    assertEquals(rejects, rejects().assertClean().manifest());
    TestDisk.limit(Long.MAX_VALUE);
    job(TestDisk.path(disk)).succeed();
    features().assertClean();
    rejects().assertClean();
  }

  @ParameterizedTest
  @ValueSource(strings = {"publish.json", "versions/", "manifest.json"})
  void noSpaceForTheManifest(String file) throws IOException {
    job(TestDisk.path(disk)).succeed();
    Manifest features = features().manifest();
    TestDisk.refuse("features/_featurebeam/" + file);

    assertFails(
        1,
        """
        Run failed: Cannot publish run RUN to disk://FOLDER/disk/features/: No space left on device \
        (free space or make the folder writable, and run again, which puts it right)
        """,
        job(TestDisk.path(disk)));

    assertEquals(features, features().manifest());
    TestDisk.refuse("");
    job(TestDisk.path(disk)).succeed();
    assertEquals(features.content(), features().assertClean().manifest().content());
    List<Manifest> versions = Manifest.versions(TestDisk.path(disk.resolve("features")));
    assertEquals(features, versions.get(versions.size() - 1));
  }

  @Test
  void noSpaceAtAll() throws IOException {
    TestDisk.limit(10);

    assertFails(
        1,
        """
        Run failed: Cannot write to output path: disk://FOLDER/disk/features/ (No space left on \
        device; nothing is changed: free space, make it writable or choose another path, and run \
        again)
        """,
        job(TestDisk.path(disk)));

    assertEquals(List.of(), new Output(disk).files());
  }

  @Test
  void noSpaceForTheReport() throws IOException {
    assumeTrue(Files.exists(Path.of("/dev/full")), "only Linux has a device that is always full");

    assertFails(
        1,
        """
        Run failed: Cannot write /dev/full: No space left on device (features and rejects are not \
        affected; free space or choose another path, and run again)
        """,
        job(disk.toString(), "/dev/full"));

    assertEquals(List.of(), new Output(disk).files());
  }

  @Test
  void readOnlyStore() throws IOException {
    TestDisk.limit(0);

    assertFails(
        1,
        """
        Run failed: Cannot write to output path: disk://FOLDER/disk/features/ (\
        disk://FOLDER/disk/features/_featurebeam/claim.json.SOME.tmp (Read-only file system); nothing is \
        changed: free space, make it writable or choose another path, and run again)
        """,
        job(TestDisk.path(disk)));
  }

  @Test
  void readOnlyFolder() throws IOException {
    Path readOnly = readOnly();

    assertFails(
        2,
        """
        FOLDER/spec.yaml:14:20: sink.parquet.path: Cannot write to output path: READ-ONLY/features/ \
        (READ-ONLY is read-only; change its permissions or choose another path)
              parquet: { path: READ-ONLY/features }
                               ^
        """
            .replace("READ-ONLY", readOnly.toString().replace(folder.toString(), "FOLDER")),
        job(readOnly.toString()));
  }

  /** A folder that this user may not write to; root may, except to what is no disk at all. */
  private Path readOnly() throws IOException {
    Path forOthers = disk.resolve("read-only");
    Files.createDirectory(
        forOthers,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
    if (!Files.isWritable(forOthers)) {
      return forOthers;
    }
    Path system = Path.of("/proc/sys");
    assumeTrue(Files.exists(system), "root may write everywhere, but to /proc/sys of Linux");
    return system;
  }
}
