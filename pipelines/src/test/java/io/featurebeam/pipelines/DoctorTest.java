package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor finds, and how to put it right. FOLDER stands for the folder of the test. */
class DoctorTest {

  @TempDir Path folder;
  private Payments payments;

  @BeforeEach
  void writeInput() throws IOException {
    payments = new Payments(folder);
    payments.write("in.parquet", "1, A, 1, 2026-03-01T10:10:00Z");
  }

  /** The lines of the subjects that are asked for; the others depend on this JVM. */
  private String found(int code, List<String> subjects, String... args) {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    assertEquals(
        code,
        Doctor.run(args, new PrintStream(seen, true, StandardCharsets.UTF_8)),
        seen::toString);
    return seen.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> subjects.contains(line.substring(6).split(" ", 2)[0]))
        .reduce("", (a, b) -> a + b + "\n")
        .replace(folder.toString(), "FOLDER");
  }

  private static final List<String> OF_THE_SPEC =
      List.of("spec", "source", "sink", "rejects", "report");

  @Test
  void aSpecThatCanRunIsOkAndNothingIsLeft() throws IOException {
    Path spec = payments.spec();
    List<String> before = payments.files();
    assertEquals(
        """
        ok    spec      payments
        ok    source    parquet, 4 columns
        ok    sink      FOLDER/features can be written
        ok    rejects   FOLDER/rejects can be written
        ok    report    FOLDER/report.html can be written
        """,
        found(0, OF_THE_SPEC, "--spec=" + spec));
    assertEquals(before, payments.files());
  }

  @Test
  void eachPartThatIsWrongIsALineOfItsOwn() throws IOException {
    Path spec = payments.spec();
    Files.writeString(folder.resolve("file"), "");
    assertEquals(
        """
        ok    spec      payments
        FAIL  source    Missing file: FOLDER/none.parquet (it does not exist)
        FAIL  sink      Invalid output path: FOLDER/file/ (FOLDER/file is a file, not a folder; choose another path)
        ok    rejects   FOLDER/rejects can be written
        FAIL  report    Invalid report path: 'FOLDER/file/r.html' (no file can be created in FOLDER/file; choose another place)
        """,
        found(
            1,
            OF_THE_SPEC,
            "--spec=" + spec,
            "--set=source.parquet.path=" + folder.resolve("none.parquet"),
            "--set=sink.parquet.path=" + folder.resolve("file"),
            "--set=report.path=" + folder.resolve("file/r.html")));
  }

  @Test
  void aColumnThatIsNotThereIsToldAtTheSource() throws IOException {
    assertEquals(
        "FAIL  source    --set=keys: keys[0]: Unknown column: 'cart'; did you mean 'card'?\n",
        found(1, List.of("source"), "--spec=" + payments.spec(), "--set=keys=[cart]"));
  }

  @Test
  void aSpecThatCannotBeReadIsToldWithItsPlace() throws IOException {
    Path spec = Files.writeString(folder.resolve("bad.yaml"), "name: n\nsourc: 1\neventTime: t\n");
    assertEquals(
        """
        FAIL  spec      FOLDER/bad.yaml:1:1: Missing key: 'source': Where events are read from.
        FAIL  spec      FOLDER/bad.yaml:2:1: sourc: Unknown key: 'sourc'; did you mean 'source'?
        """,
        found(1, OF_THE_SPEC, "--spec=" + spec));
  }

  @Test
  void theRunnerThatIsHereIsNamedAndOneThatIsNotIsToldWithWhatBringsIt() {
    assertEquals(
        """
        ok    runner    DirectRunner
        ok    opens     nothing is closed that DirectRunner needs
        """,
        found(0, List.of("runner", "opens")));
    assertEquals(
        """
        FAIL  runner    Runner not on the class path: FlinkRunner (add -Pflink-runner to the Maven command, or take featurebeam-flink; here is DirectRunner)
        WARN  spec      not looked at (put right what fails above first)
        """,
        found(1, List.of("runner", "spec"), "--runner=FlinkRunner"));
  }

  @Test
  void aWrongOptionIsTold() {
    assertEquals(
        "FAIL  options   Unknown option: --spek; did you mean --spec?\n",
        found(1, List.of("options"), "--spek=x"));
  }

  @Test
  void javaIsOneThatTheSketchesTake() {
    assertEquals("ok    java      Java 17", Doctor.java(17).toString());
    assertEquals(
        "WARN  java      Java 21 (tested is 17: if a run fails in Java's own classes, use it)",
        Doctor.java(21).toString());
    assertEquals(
        "FAIL  java      Java 25 (the sketches' memory takes 17 and 21 alone: use JDK 17)",
        Doctor.java(25).toString());
  }

  @Test
  void closedPackagesAreToldWithTheFlagsThatOpenThem() {
    assertEquals(
        "FAIL  opens     2 packages of Java are closed to FlinkRunner (run with java -jar or mvn,"
            + " which open them, or add to the java command:"
            + " --add-opens=java.base/java.lang=ALL-UNNAMED"
            + " --add-opens=java.base/java.util=ALL-UNNAMED)",
        Doctor.opens("FlinkRunner", List.of("java.base/java.lang", "java.base/java.util"))
            .toString());
  }

  @Test
  void littleMemoryIsAWarning() {
    assertEquals("ok    memory    1024 MiB of heap", Doctor.memory(1L << 30).toString());
    assertEquals(
        "WARN  memory    256 MiB of heap (runs want 1024 MiB: add -Xmx2g to the java command, or to"
            + " MAVEN_OPTS)",
        Doctor.memory(1L << 28).toString());
  }

  @Test
  void helpSaysWhatItTakes() {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    String[] help = {"--help"};
    assertEquals(0, Doctor.run(help, new PrintStream(seen, true, StandardCharsets.UTF_8)));
    assertTrue(seen.toString(StandardCharsets.UTF_8).startsWith("Usage: Doctor [--spec=FILE]"));
  }
}
