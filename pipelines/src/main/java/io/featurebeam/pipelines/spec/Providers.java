package io.featurebeam.pipelines.spec;

import io.featurebeam.aggregate.Aggregate;
import io.featurebeam.aggregate.AggregateProvider;
import io.featurebeam.columnar.Spelling;
import io.featurebeam.feature.Feature;
import io.featurebeam.feature.FeatureProvider;
import io.featurebeam.rule.Rule;
import io.featurebeam.rule.RuleProvider;
import io.featurebeam.rule.Rules;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The rules, features, aggregates and sources that a spec may name: those of the project and those
 * of any jar on the classpath.
 *
 * <pre>{@code
 * Rule rule = Providers.discovered().rule(Use.of("between", "column", "delay", "max", 1440));
 * }</pre>
 *
 * <p>An unknown name, an unknown, missing or mistyped setting, what a provider itself refuses, and
 * a provider that cannot be loaded or does not say what it is throw {@link
 * IllegalArgumentException}.
 */
public final class Providers {

  /** What a provider says about itself. */
  record Offer(String name, String description, List<Parameter> parameters) {

    Offer {
      Objects.requireNonNull(name, "name() gave null");
      Objects.requireNonNull(description, "description() gave null");
      parameters = List.copyOf(Objects.requireNonNull(parameters, "parameters() gave null"));
    }

    Offer with(Parameter parameter) {
      List<Parameter> all = new ArrayList<>(parameters);
      all.add(parameter);
      return new Offer(name, description, all);
    }

    /** The parameter whose name may be left out, if the provider takes any. */
    List<Parameter> primary() {
      return parameters.isEmpty() ? List.of() : parameters.subList(0, 1);
    }

    List<String> parameterNames() {
      return parameters.stream().map(Parameter::name).toList();
    }
  }

  private record Offered<P>(P provider, Offer offer) {}

  /** What every rule takes beside its own parameters. */
  static final Parameter WHEN =
      Parameter.optional(
          "when",
          Parameter.Kind.EXPRESSION,
          "A CEL condition: the rule judges only records for which it is true.");

  private static final Set<String> BUILT_IN_SOURCES =
      Set.of("parquet", "csv", "json", "avro", "kafka");

  private final TreeMap<String, Offered<RuleProvider>> rules = new TreeMap<>();
  private final TreeMap<String, Offered<FeatureProvider>> features = new TreeMap<>();
  private final TreeMap<String, Offered<AggregateProvider>> aggregates = new TreeMap<>();
  private final TreeMap<String, Offered<SourceProvider>> sources = new TreeMap<>();

  private Providers(
      Iterable<RuleProvider> rules,
      Iterable<FeatureProvider> features,
      Iterable<AggregateProvider> aggregates,
      Iterable<SourceProvider> sources) {
    register("rule", rules, p -> offer(p).with(WHEN), this.rules, Set.of());
    register("feature", features, Providers::offer, this.features, Set.of());
    register("aggregate", aggregates, Providers::offer, this.aggregates, Set.of("where", "per"));
    register("source", sources, Providers::offer, this.sources, BUILT_IN_SOURCES);
    offers().forEach(offer -> checkReserved(offer, List.of("rule", "onFail", "where", "per")));
    for (Offered<RuleProvider> rule : this.rules.values()) {
      checkReserved(offer(rule.provider()), List.of(WHEN.name()));
    }
  }

  /** Those that {@link ServiceLoader} finds for the thread's context class loader. */
  public static Providers discovered() {
    return new Providers(
        load(RuleProvider.class),
        load(FeatureProvider.class),
        load(AggregateProvider.class),
        load(SourceProvider.class));
  }

  private static <P> List<P> load(Class<P> type) {
    try {
      return ServiceLoader.load(type).stream().map(ServiceLoader.Provider::get).toList();
    } catch (ServiceConfigurationError e) { // its message starts with the type's name
      throw new IllegalArgumentException(
          "Cannot load an extension named in META-INF/services/" + e.getMessage(), e);
    } catch (LinkageError e) {
      throw new IllegalArgumentException(
          "Cannot load an extension named in META-INF/services/" + type.getName() + ": " + e, e);
    }
  }

  /** Exactly these. */
  public static Providers of(
      List<RuleProvider> rules,
      List<FeatureProvider> features,
      List<AggregateProvider> aggregates,
      List<SourceProvider> sources) {
    return new Providers(rules, features, aggregates, sources);
  }

  /** The rule that {@code use} names. */
  public Rule rule(Use use) {
    Offered<RuleProvider> found = find("rule", rules, use.provider());
    Settings settings = SettingTypes.settings(found.offer(), use.settings());
    String when = settings.stringOrNull(WHEN.name());
    if (when == null) {
      return made(found.provider().create(settings));
    }
    Map<String, Object> own = new HashMap<>(settings.values());
    own.remove(WHEN.name());
    return Rules.when(made(found.provider().create(new Settings(own))), when);
  }

  /** The feature that {@code use} names. */
  public Feature feature(Use use) {
    Offered<FeatureProvider> found = find("feature", features, use.provider());
    return made(found.provider().create(SettingTypes.settings(found.offer(), use.settings())));
  }

  /** The aggregate that {@code use} names. */
  public Aggregate aggregate(Use use) {
    Offered<AggregateProvider> found = find("aggregate", aggregates, use.provider());
    return made(found.provider().create(SettingTypes.settings(found.offer(), use.settings())));
  }

  /** The provider of a user's source; {@link #settings(SourceSpec.Provided)} has what it takes. */
  public SourceProvider source(SourceSpec.Provided source) {
    return find("source", sources, source.use().provider()).provider();
  }

  /** The typed settings of a user's source. */
  public Settings settings(SourceSpec.Provided source) {
    Offer offer = find("source", sources, source.use().provider()).offer();
    return SettingTypes.settings(offer, source.use().settings());
  }

  List<Offer> ruleOffers() {
    return offers(rules);
  }

  List<Offer> featureOffers() {
    return offers(features);
  }

  List<Offer> aggregateOffers() {
    return offers(aggregates);
  }

  List<Offer> sourceOffers() {
    return offers(sources);
  }

  private static <P> List<Offer> offers(Map<String, Offered<P>> offered) {
    return offered.values().stream().map(Offered::offer).toList();
  }

  /** The classes of all of them. */
  public List<Class<?>> classes() {
    List<Class<?>> classes = new ArrayList<>();
    for (Map<String, ? extends Offered<?>> family : List.of(rules, features, aggregates, sources)) {
      family.values().forEach(offered -> classes.add(offered.provider().getClass()));
    }
    return classes;
  }

  private List<Offer> offers() {
    return List.of(ruleOffers(), featureOffers(), aggregateOffers(), sourceOffers()).stream()
        .flatMap(List::stream)
        .toList();
  }

  private static Offer offer(RuleProvider p) {
    return new Offer(p.name(), p.description(), p.parameters());
  }

  private static Offer offer(FeatureProvider p) {
    return new Offer(p.name(), p.description(), p.parameters());
  }

  private static Offer offer(AggregateProvider p) {
    return new Offer(p.name(), p.description(), p.parameters());
  }

  private static Offer offer(SourceProvider p) {
    return new Offer(p.name(), p.description(), p.parameters());
  }

  private static <P> P find(String what, Map<String, P> providers, String name) {
    P provider = providers.get(name);
    if (provider == null) {
      throw new IllegalArgumentException(unknown(what, name, providers.keySet()));
    }
    return provider;
  }

  static String unknown(String what, String name, Set<String> known) {
    return "Unknown " + what + ": '" + name + "'" + Spelling.hint(name, known);
  }

  private static <T> T made(T made) {
    return Objects.requireNonNull(made, "create() gave null");
  }

  private static <P> void register(
      String what,
      Iterable<P> found,
      Function<P, Offer> asked,
      Map<String, Offered<P>> into,
      Set<String> reserved) {
    for (P provider : found) {
      String type = provider.getClass().getName();
      Offer offer = ask(what, type, () -> asked.apply(provider));
      Offered<P> other = into.put(offer.name(), new Offered<>(provider, offer));
      if (reserved.contains(offer.name())) {
        throw new IllegalArgumentException(
            "Invalid name of "
                + what
                + " "
                + type
                + ": '"
                + offer.name()
                + "' (is a word of the spec)");
      }
      if (other != null) {
        throw new IllegalArgumentException(
            "Duplicate "
                + what
                + ": '"
                + offer.name()
                + "' is offered by "
                + other.provider().getClass().getName()
                + " and "
                + type);
      }
    }
  }

  private static Offer ask(String what, String type, Supplier<Offer> asked) {
    try {
      return asked.get();
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalArgumentException(
          "Broken " + what + ": " + type + " cannot say its name and parameters: " + e, e);
    }
  }

  private static void checkReserved(Offer offer, List<String> words) {
    for (String word : words) {
      if (!Collections.disjoint(offer.parameterNames(), List.of(word))) {
        throw new IllegalArgumentException(
            "Invalid parameter of '" + offer.name() + "': '" + word + "' (is a word of the spec)");
      }
    }
  }
}
