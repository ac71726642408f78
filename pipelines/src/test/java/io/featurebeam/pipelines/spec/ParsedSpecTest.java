package io.featurebeam.pipelines.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a look at the world refuses is told at its place in the spec. */
class ParsedSpecTest {

  private static final String TEXT =
      """
      name: n
      source:
        parquet: { path: "${IN}/a.parquet" }
      eventTime: t
      """;

  private static ParsedSpec parse(String... overrides) {
    return SpecParser.withDefaults()
        .withEnvironment(Map.of("IN", "/secret/place"))
        .withOverrides(List.of(overrides))
        .read(TEXT, "f.yaml");
  }

  private static String refused(ParsedSpec spec, RuntimeException why) {
    SpecException error =
        assertThrows(
            SpecException.class,
            () ->
                spec.at(
                    "source.parquet.path",
                    () -> {
                      throw why;
                    }));
    assertSame(why, error.getCause());
    return error.getMessage();
  }

  @Test
  void refusalIsToldAtItsPlaceWithoutSecrets() {
    assertEquals(
        """
        f.yaml:3:20: source.parquet.path: Missing file: ${IN}/a.parquet
              parquet: { path: "${IN}/a.parquet" }
                               ^""",
        refused(parse(), new IllegalArgumentException("Missing file: /secret/place/a.parquet")));
  }

  @Test
  void refusalOfAnOverrideIsToldAsItsFlag() {
    assertEquals(
        "--set=source.parquet.path: Missing file: b",
        refused(parse("source.parquet.path=b"), new IllegalArgumentException("Missing file: b")));
  }

  @Test
  void failureThatIsNotTheSpecsPassesAsItIs() {
    UncheckedIOException failure = new UncheckedIOException(new NoSuchFileException("x"));
    assertSame(
        failure,
        assertThrows(
            UncheckedIOException.class,
            () ->
                parse()
                    .at(
                        "source",
                        () -> {
                          throw failure;
                        })));
  }
}
