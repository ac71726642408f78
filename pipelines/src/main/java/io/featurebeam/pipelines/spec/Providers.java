package io.featurebeam.pipelines.spec;

import io.featurebeam.aggregate.Aggregate;
import io.featurebeam.aggregate.AggregateProvider;
import io.featurebeam.columnar.Spelling;
import io.featurebeam.feature.Feature;
import io.featurebeam.feature.FeatureProvider;
import io.featurebeam.rule.Rule;
import io.featurebeam.rule.RuleProvider;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The rules, features, aggregates and sources that a spec may name: those of the project and those
 * of any jar on the classpath.
 *
 * <pre>{@code
 * Rule rule = Providers.discovered().rule(Use.of("between", "column", "delay", "max", 1440));
 * }</pre>
 *
 * <p>An unknown name, an unknown, missing or mistyped setting, and what a provider itself refuses
 * throw {@link IllegalArgumentException}.
 */
public final class Providers {

  /** What a provider says about itself. */
  record Offer(String name, String description, List<Parameter> parameters) {

    Offer {
      parameters = List.copyOf(parameters);
    }

    /** The parameter whose name may be left out, if the provider takes any. */
    List<Parameter> primary() {
      return parameters.isEmpty() ? List.of() : parameters.subList(0, 1);
    }

    List<String> parameterNames() {
      return parameters.stream().map(Parameter::name).toList();
    }
  }

  private static final Set<String> BUILT_IN_SOURCES = Set.of("parquet", "csv", "json", "avro");

  private final TreeMap<String, RuleProvider> rules = new TreeMap<>();
  private final TreeMap<String, FeatureProvider> features = new TreeMap<>();
  private final TreeMap<String, AggregateProvider> aggregates = new TreeMap<>();
  private final TreeMap<String, SourceProvider> sources = new TreeMap<>();

  private Providers(
      Iterable<RuleProvider> rules,
      Iterable<FeatureProvider> features,
      Iterable<AggregateProvider> aggregates,
      Iterable<SourceProvider> sources) {
    register("rule", rules, RuleProvider::name, this.rules, Set.of());
    register("feature", features, FeatureProvider::name, this.features, Set.of());
    register("aggregate", aggregates, AggregateProvider::name, this.aggregates, Set.of("where"));
    register("source", sources, SourceProvider::name, this.sources, BUILT_IN_SOURCES);
    offers().forEach(Providers::checkReserved);
  }

  /** Those that {@link ServiceLoader} finds for the thread's context class loader. */
  public static Providers discovered() {
    return new Providers(
        ServiceLoader.load(RuleProvider.class),
        ServiceLoader.load(FeatureProvider.class),
        ServiceLoader.load(AggregateProvider.class),
        ServiceLoader.load(SourceProvider.class));
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
    RuleProvider provider = find("rule", rules, use.provider());
    return provider.create(SettingTypes.settings(offer(provider), use.settings()));
  }

  /** The feature that {@code use} names. */
  public Feature feature(Use use) {
    FeatureProvider provider = find("feature", features, use.provider());
    return provider.create(SettingTypes.settings(offer(provider), use.settings()));
  }

  /** The aggregate that {@code use} names. */
  public Aggregate aggregate(Use use) {
    AggregateProvider provider = find("aggregate", aggregates, use.provider());
    return provider.create(SettingTypes.settings(offer(provider), use.settings()));
  }

  /** The provider of a user's source; {@link #settings(SourceSpec.Provided)} has what it takes. */
  public SourceProvider source(SourceSpec.Provided source) {
    return find("source", sources, source.use().provider());
  }

  /** The typed settings of a user's source. */
  public Settings settings(SourceSpec.Provided source) {
    return SettingTypes.settings(offer(source(source)), source.use().settings());
  }

  List<Offer> ruleOffers() {
    return rules.values().stream().map(Providers::offer).toList();
  }

  List<Offer> featureOffers() {
    return features.values().stream().map(Providers::offer).toList();
  }

  List<Offer> aggregateOffers() {
    return aggregates.values().stream().map(Providers::offer).toList();
  }

  List<Offer> sourceOffers() {
    return sources.values().stream().map(Providers::offer).toList();
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

  private static <P> void register(
      String what,
      Iterable<P> found,
      Function<P, String> name,
      Map<String, P> into,
      Set<String> reserved) {
    for (P provider : found) {
      P other = into.put(name.apply(provider), provider);
      if (reserved.contains(name.apply(provider))) {
        throw new IllegalArgumentException(
            "Invalid name of "
                + what
                + " "
                + provider.getClass().getName()
                + ": '"
                + name.apply(provider)
                + "' (is a word of the spec)");
      }
      if (other != null) {
        throw new IllegalArgumentException(
            "Duplicate "
                + what
                + ": '"
                + name.apply(provider)
                + "' is offered by "
                + other.getClass().getName()
                + " and "
                + provider.getClass().getName());
      }
    }
  }

  private static void checkReserved(Offer offer) {
    for (String word : List.of("rule", "onFail", "where")) {
      if (!Collections.disjoint(offer.parameterNames(), List.of(word))) {
        throw new IllegalArgumentException(
            "Invalid parameter of '" + offer.name() + "': '" + word + "' (is a word of the spec)");
      }
    }
  }
}
