package io.featurebeam.pipelines.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.rule.Rule;
import io.featurebeam.rule.RuleProvider;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Parameter.Kind;
import io.featurebeam.settings.Settings;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProvidersTest {

  private static final Providers PROVIDERS = TestProviders.all();

  private record Named(String name, List<Parameter> parameters) implements RuleProvider {
    @Override
    public String description() {
      return "A rule.";
    }

    @Override
    public Rule create(Settings settings) {
      throw new UnsupportedOperationException("never made");
    }
  }

  private static String refusal(Use use) {
    return assertThrows(IllegalArgumentException.class, () -> PROVIDERS.rule(use)).getMessage();
  }

  private static String refusal(RuleProvider... rules) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> Providers.of(List.of(rules), List.of(), List.of(), List.of()))
        .getMessage();
  }

  @Test
  void wholeNumbersAreTakenWhereNumbersAre() {
    assertEquals(
        "between(x)", PROVIDERS.rule(Use.of("between", "column", "x", "min", 1, "max", 2.5)).id());
  }

  @Test
  void everyRuleTakesACondition() {
    Use use = Use.of("between", "column", "x", "min", 1, "when", "carrier == 'AA'");
    assertEquals("between(x) when carrier == 'AA'", PROVIDERS.rule(use).id());
    assertEquals(
        "between(delay, *, 10) when carrier == 'AA'",
        Providers.discovered()
            .rule(Use.of("between", "column", "delay", "max", 10, "when", "carrier == 'AA'"))
            .id());
    assertEquals(
        "Invalid expression at column 4: the expression ends too early\n  a >\n     ^",
        refusal(Use.of("between", "column", "x", "when", "a >")));
    assertEquals(
        "Invalid when: 3 (must be text)", refusal(Use.of("between", "column", "x", "when", 3)));
  }

  @Test
  void tuplesAreListsOfValues() {
    List<List<Object>> pairs = List.of(List.of("a", 1L), List.of("b", 2.5));
    assertEquals(
        "pair_in_set(a, b, [(a, 1), (b, 2.5)])",
        Providers.discovered()
            .rule(Use.of("pair_in_set", "column", "a", "other", "b", "pairs", pairs))
            .id());
    assertEquals(
        "Invalid pairs: 'a' (must be lists of values such as [[a, b], [a, c]])",
        refusal(Use.of("pair_in_set", "column", "x", "pairs", List.of("a", "b"))));
  }

  @Test
  void useIsRefusedWithNameValueAndRule() {
    assertEquals(
        "Unknown rule: 'betwen'; did you mean 'between'?",
        refusal(Use.of("betwen", "column", "x")));
    assertEquals(
        "Unknown setting of 'between': 'mix'; did you mean 'min'?",
        refusal(Use.of("between", "column", "x", "mix", 1)));
    assertEquals(
        "Missing 'column' of 'between': The column to check.",
        refusal(Use.of("between", "min", 1)));
    assertEquals(
        "Invalid min: 'one' (must be a number)",
        refusal(Use.of("between", "column", "x", "min", "one")));
    assertEquals(
        "Invalid within: '5' (must be a whole number and a unit: us, ms, s, m, h, d or w, for"
            + " example 1h)",
        refusal(Use.of("fresh", "column", "x", "within", "5")));
  }

  @Test
  void useHoldsOnlyWhatYamlCanSay() {
    assertEquals(Map.of("n", 1L), Use.of("p", "n", 1).settings());
    assertEquals(
        "Invalid setting 'n': a java.lang.Object (must be text, a number, true or false, or a list"
            + " of these)",
        assertThrows(IllegalArgumentException.class, () -> Use.of("p", "n", List.of(new Object())))
            .getMessage());
    assertEquals("p[password]", Use.of("p", "password", "hunter2").toString());
  }

  /** A provider whose answers are as a broken jar might give them. */
  public abstract static class Broken implements RuleProvider {
    @Override
    public String description() {
      return "A broken rule.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }

    @Override
    public Rule create(Settings settings) {
      throw new UnsupportedOperationException("never made");
    }
  }

  /** Cannot be made. */
  public static final class Unmade extends Broken {
    public Unmade() {
      throw new IllegalStateException("no licence");
    }

    @Override
    public String name() {
      return "unmade";
    }
  }

  /** Has no name. */
  public static final class Nameless extends Broken {
    @Override
    @SuppressWarnings("NullAway") // the mistake that is tested
    public String name() {
      return null;
    }
  }

  /** Fails when asked. */
  public static final class Thrower extends Broken {
    @Override
    public String name() {
      throw new IllegalStateException("no name today");
    }
  }

  /** What is said of a jar that names this rule provider. */
  private static String refusalOfJar(Path folder, String provider) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(RuleProvider.class.getName()), provider + "\n");
    Thread thread = Thread.currentThread();
    ClassLoader loader = thread.getContextClassLoader();
    try (URLClassLoader jar = new URLClassLoader(new URL[] {folder.toUri().toURL()}, loader)) {
      thread.setContextClassLoader(jar);
      return assertThrows(IllegalArgumentException.class, Providers::discovered).getMessage();
    } finally {
      thread.setContextClassLoader(loader);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          com.example.Missing | Provider com.example.Missing not found
          %s | %s not a subtype
          com.example.Garbage | java.lang.ClassFormatError: Incompatible magic value 1852797984 in class file com/example/Garbage
          %s$Unmade | Provider %s$Unmade could not be instantiated
          """)
  void providerThatCannotBeLoadedIsNamed(String provider, String expected, @TempDir Path folder)
      throws IOException {
    Path garbage = folder.resolve("com/example/Garbage.class");
    Files.createDirectories(garbage.getParent());
    Files.writeString(garbage, "not a class");
    String here = ProvidersTest.class.getName();
    assertEquals(
        "Cannot load an extension named in META-INF/services/io.featurebeam.rule.RuleProvider: "
            + expected.replace("%s", here),
        refusalOfJar(folder, provider.replace("%s", here)));
  }

  @Test
  void providerThatCannotSayWhatItIsIsNamed(@TempDir Path folder) throws IOException {
    assertEquals(
        "Broken rule: "
            + Nameless.class.getName()
            + " cannot say its name and parameters: java.lang.NullPointerException: name() gave"
            + " null",
        refusalOfJar(folder, Nameless.class.getName()));
    assertEquals(
        "Broken rule: "
            + Thrower.class.getName()
            + " cannot say its name and parameters: java.lang.IllegalStateException: no name today",
        refusalOfJar(folder, Thrower.class.getName()));
  }

  @Test
  void providersThatWouldBeAmbiguousAreRefused() {
    String type = Named.class.getName();
    assertEquals(
        "Duplicate rule: 'r' is offered by " + type + " and " + type,
        refusal(new Named("r", List.of()), new Named("r", List.of())));
    assertEquals(
        "Invalid parameter of 'r': 'onFail' (is a word of the spec)",
        refusal(new Named("r", List.of(Parameter.optional("onFail", Kind.STRING, "No.")))));
    assertEquals(
        "Invalid parameter of 'r': 'when' (is a word of the spec)",
        refusal(new Named("r", List.of(Parameter.optional("when", Kind.STRING, "No.")))));
  }
}
