package io.featurebeam.pipelines.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.rule.Rule;
import io.featurebeam.rule.RuleProvider;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Parameter.Kind;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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

  @Test
  void providersThatWouldBeAmbiguousAreRefused() {
    String type = Named.class.getName();
    assertEquals(
        "Duplicate rule: 'r' is offered by " + type + " and " + type,
        refusal(new Named("r", List.of()), new Named("r", List.of())));
    assertEquals(
        "Invalid parameter of 'r': 'onFail' (is a word of the spec)",
        refusal(new Named("r", List.of(Parameter.optional("onFail", Kind.STRING, "No.")))));
  }
}
