package io.featurebeam.pipelines.spec;

import io.featurebeam.aggregate.PerCategory;
import io.featurebeam.columnar.Spelling;
import io.featurebeam.pipelines.spec.Shape.Family;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what names a provider. A rule is {@code { rule: between, column: delay, min: 0 }}; a
 * feature or aggregate is {@code count}, {@code { mean: delay }} (the first parameter without its
 * name), {@code { bucketize: delay, bounds: [0, 15] }} or {@code { bucketize: { column: delay,
 * bounds: [0, 15] } }}, an aggregate with an optional {@code where} and {@code per} beside it.
 */
final class UseReader {

  /** The word beside an aggregate, read as if it were a provider. */
  static final Providers.Offer PER =
      new Providers.Offer(
          "per",
          "Computes the aggregate for each value of a category: as a JSON object in one column, or"
              + " with values in a column each, such as spent_web_1h.",
          List.of(
              Parameter.required(
                  "column",
                  Parameter.Kind.COLUMN,
                  "The category, a string, int64, boolean, timestamp, date or time column; null"
                      + " counts nowhere."),
              Parameter.optional(
                  "values",
                  Parameter.Kind.VALUES,
                  "The categories, texts, whole numbers, true or false, each with a column of its"
                      + " own; others count nowhere."),
              Parameter.optional(
                  "maxCategories",
                  Parameter.Kind.INTEGER,
                  "Without values: with more categories in a window the object is null; at most"
                      + " 10000 (default: 100)."),
              Parameter.optional(
                  "top",
                  Parameter.Kind.INTEGER,
                  "Without values: how many categories the object shows, the largest, the first"
                      + " first (default: all, in their order)."),
              Parameter.optional(
                  "by",
                  Parameter.Kind.STRING,
                  "With top: whether the category itself is large (key) or the aggregate (value), of"
                      + " which equal ones come by category (default: key).")));

  private final Providers providers;
  private final Problems problems;
  private final Map<String, Location> locations;
  private final Map<Family, Map<String, Providers.Offer>> offers;

  /**
   * @param locations takes the place of each setting
   */
  UseReader(Providers providers, Problems problems, Map<String, Location> locations) {
    this.providers = providers;
    this.problems = problems;
    this.locations = locations;
    this.offers =
        Map.of(
            Family.RULE, byName(providers.ruleOffers()),
            Family.FEATURE, byName(providers.featureOffers()),
            Family.AGGREGATE, byName(providers.aggregateOffers()),
            Family.SOURCE, byName(providers.sourceOffers()));
  }

  private static Map<String, Providers.Offer> byName(List<Providers.Offer> offers) {
    Map<String, Providers.Offer> named = new LinkedHashMap<>();
    offers.forEach(offer -> named.put(offer.name(), offer));
    return named;
  }

  List<String> names(Family family) {
    return List.copyOf(offers.get(family).keySet());
  }

  Values.@Nullable Offered read(Node node, Family family, String path) {
    if (node instanceof Node.Sequence) {
      problems.add(
          node, path, "Invalid " + word(family) + ": a list (must be one " + word(family) + ")");
      return null;
    }
    if (family == Family.RULE) {
      return rule(node, path);
    }
    if (node instanceof Node.Scalar scalar) {
      Providers.Offer offer = offer(family, scalar, path);
      return offer == null ? null : use(family, offer, Map.of(), node, path, null);
    }
    return flat((Node.Mapping) node, family, path);
  }

  /** A user's source: one key, the provider's name, over its settings. */
  Values.@Nullable Offered source(Node.Mapping.Entry entry, String path) {
    Providers.Offer offer = offer(Family.SOURCE, entry.key(), path);
    return offer == null
        ? null
        : use(Family.SOURCE, offer, nested(offer, entry.value()), entry.value(), path, null);
  }

  private Values.@Nullable Offered rule(Node node, String path) {
    if (!(node instanceof Node.Mapping mapping)
        || !(mapping.get("rule") instanceof Node.Scalar name)) {
      problems.add(
          node,
          path,
          "Missing key: 'rule': the rule's name; use for example { rule: not_null, column: name }");
      return null;
    }
    Providers.Offer offer = offer(Family.RULE, name, Interpolation.join(path, "rule"));
    RuleSpec.OnFail onFail = onFail(mapping.get("onFail"), path);
    if (offer == null) {
      return null;
    }
    Map<Node.Scalar, Node> settings = rest(mapping, List.of("rule", "onFail"));
    Values.Offered offered = use(Family.RULE, offer, settings, node, path, null);
    return offered == null || onFail == null
        ? null
        : new Values.Offered(offered.use(), onFail, null, null);
  }

  private RuleSpec.@Nullable OnFail onFail(@Nullable Node node, String path) {
    if (node == null) {
      return RuleSpec.OnFail.REJECT;
    }
    for (RuleSpec.OnFail onFail : RuleSpec.OnFail.values()) {
      if (node instanceof Node.Scalar scalar && scalar.text().equals(SpecShape.word(onFail))) {
        return onFail;
      }
    }
    problems.add(
        node,
        Interpolation.join(path, "onFail"),
        "Invalid onFail: " + ShapeReader.shown(node) + " (must be reject, warn or fail)");
    return null;
  }

  private Values.@Nullable Offered flat(Node.Mapping mapping, Family family, String path) {
    Node.Mapping.Entry named = null;
    for (Node.Mapping.Entry entry : mapping.entries()) {
      if (named == null && offers.get(family).containsKey(entry.key().text())) {
        named = entry;
      }
    }
    if (named == null) {
      if (mapping.entries().isEmpty()) {
        problems.add(mapping, path, "Missing " + word(family) + " (must be one key, its name)");
      } else {
        offer(family, mapping.entries().get(0).key(), path);
      }
      return null;
    }
    Providers.Offer offer = offers.get(family).get(named.key().text());
    Map<Node.Scalar, Node> settings = nested(offer, named.value());
    List<String> words =
        family == Family.AGGREGATE
            ? List.of(offer.name(), "where", PER.name())
            : List.of(offer.name());
    settings.putAll(rest(mapping, words));
    String where = null;
    Node condition = family == Family.AGGREGATE ? mapping.get("where") : null;
    if (condition != null) {
      where = where(condition, Interpolation.join(path, "where"));
      if (where == null) {
        return null;
      }
    }
    Node category = family == Family.AGGREGATE ? mapping.get(PER.name()) : null;
    Per per = category == null ? null : per(category, Interpolation.join(path, PER.name()));
    Values.Offered offered = use(family, offer, settings, mapping, path, where);
    return offered == null || category == null
        ? offered
        : per == null ? null : new Values.Offered(offered.use(), offered.onFail(), where, per);
  }

  private @Nullable Per per(Node node, String path) {
    locations.put(path, node.location());
    Map<String, Object> written = written(PER, nested(PER, node), node, path, List.of());
    if (written == null) {
      return null;
    }
    try {
      Settings settings = SettingTypes.settings(PER, written);
      if (settings.has("values") && settings.has("maxCategories")) {
        throw new IllegalArgumentException(
            "Invalid maxCategories: given beside values (the declared ones are as many as they"
                + " are; leave one out)");
      }
      return new Per(
          settings.string("column"),
          settings.has("values") ? settings.values("values") : List.of(),
          PerCategory.checkedMax(settings.integer("maxCategories", PerCategory.DEFAULT_MAX)),
          top(settings));
    } catch (IllegalArgumentException e) {
      problems.add(node, path, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static PerCategory.@Nullable Top top(Settings settings) {
    if (!settings.has("top")) {
      if (settings.has("by")) {
        throw new IllegalArgumentException("Invalid by: given without top (say how many)");
      }
      return null;
    }
    String by = settings.string("by", "key");
    if (!List.of("key", "value").contains(by)) {
      throw new IllegalArgumentException("Invalid by: '" + by + "' (must be key or value)");
    }
    return new PerCategory.Top(
        PerCategory.checkedTop(settings.integer("top")),
        PerCategory.By.valueOf(by.toUpperCase(Locale.ROOT)));
  }

  private @Nullable String where(Node condition, String path) {
    if (condition instanceof Node.Scalar scalar && !scalar.text().isBlank()) {
      return scalar.text();
    }
    problems.add(
        condition,
        path,
        "Invalid where: "
            + ShapeReader.shown(condition)
            + " (must be a condition); use for example \"delay > 15\"");
    return null;
  }

  /**
   * The settings below a provider's name: keys and values, or the first parameter's value alone.
   */
  private static Map<Node.Scalar, Node> nested(Providers.Offer offer, Node value) {
    Map<Node.Scalar, Node> settings = new LinkedHashMap<>();
    if (value instanceof Node.Mapping mapping) {
      mapping.entries().forEach(entry -> settings.put(entry.key(), entry.value()));
    } else if (!(value instanceof Node.Scalar scalar && scalar.isNull())) {
      String name = offer.parameters().isEmpty() ? "value" : offer.parameters().get(0).name();
      settings.put(new Node.Scalar(name, false, null, value.location()), value);
    }
    return settings;
  }

  private static Map<Node.Scalar, Node> rest(Node.Mapping mapping, List<String> words) {
    Map<Node.Scalar, Node> settings = new LinkedHashMap<>();
    for (Node.Mapping.Entry entry : mapping.entries()) {
      if (!words.contains(entry.key().text())) {
        settings.put(entry.key(), entry.value());
      }
    }
    return settings;
  }

  private Values.@Nullable Offered use(
      Family family,
      Providers.Offer offer,
      Map<Node.Scalar, Node> settings,
      Node node,
      String path,
      @Nullable String where) {
    List<String> words =
        switch (family) {
          case RULE -> List.of("onFail");
          case AGGREGATE -> List.of("where", PER.name());
          default -> List.of();
        };
    Map<String, Object> written = written(offer, settings, node, path, words);
    return written == null ? null : made(family, new Use(offer.name(), written), node, path, where);
  }

  /** The settings as plain values; null if one of them is wrong or missing. */
  private @Nullable Map<String, Object> written(
      Providers.Offer offer,
      Map<Node.Scalar, Node> settings,
      Node node,
      String path,
      List<String> words) {
    int before = problems.count();
    Map<String, Object> written = new LinkedHashMap<>();
    settings.forEach(
        (key, value) -> {
          String settingPath = Interpolation.join(path, key.text());
          locations.put(settingPath, value.location());
          if (!offer.parameterNames().contains(key.text())) {
            problems.add(key, settingPath, unknown(offer, key.text(), words));
            return;
          }
          try {
            Parameter parameter = SettingTypes.parameter(offer, key.text());
            Object setting = written(value, parameter);
            SettingTypes.typed(parameter, setting);
            if (written.put(key.text(), setting) != null) {
              problems.add(
                  key, settingPath, "Duplicate key: '" + key.text() + "' (must be given once)");
            }
          } catch (IllegalArgumentException e) {
            problems.add(value, settingPath, String.valueOf(e.getMessage()));
          }
        });
    for (Parameter parameter : offer.parameters()) {
      boolean given = settings.keySet().stream().anyMatch(k -> k.text().equals(parameter.name()));
      if (parameter.required() && !given) {
        problems.add(node, path, SettingTypes.missing(offer, parameter));
      }
    }
    return problems.count() > before ? null : written;
  }

  private Values.@Nullable Offered made(
      Family family, Use use, Node node, String path, @Nullable String where) {
    try {
      create(family, use);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      String setting = use.settingIn(message);
      String at = setting == null ? path : Interpolation.join(path, setting);
      problems.add(setting == null ? node.location() : locations.get(at), at, node.redact(message));
      return null;
    } catch (RuntimeException | LinkageError e) {
      problems.addFailure(node, path, use.provider(), e);
      return null;
    }
    return new Values.Offered(use, RuleSpec.OnFail.REJECT, where, null);
  }

  private static String unknown(Providers.Offer offer, String name, List<String> words) {
    List<String> known = new ArrayList<>(offer.parameterNames());
    known.addAll(words);
    return SettingTypes.unknown(offer, name, known);
  }

  /** Lets the provider refuse what only it can judge: a minimum above the maximum. */
  private void create(Family family, Use use) {
    switch (family) {
      case RULE -> providers.rule(use);
      case FEATURE -> providers.feature(use);
      case AGGREGATE -> providers.aggregate(use);
      case SOURCE -> providers.settings(new SourceSpec.Provided(use));
    }
  }

  /**
   * A node as the plain Java value of a setting; where the parameter takes text, a number is text.
   */
  static Object written(Node node, Parameter parameter) {
    if (node instanceof Node.Sequence sequence) {
      List<Object> values = new ArrayList<>();
      for (Node item : sequence.items()) {
        if (item instanceof Node.Sequence && parameter.kind() != Parameter.Kind.TUPLES) {
          throw wrong(parameter, item);
        }
        values.add(written(item, parameter));
      }
      return List.copyOf(values);
    }
    if (!(node instanceof Node.Scalar scalar) || scalar.isNull()) {
      throw wrong(parameter, node);
    }
    return switch (parameter.kind()) {
      case COLUMN, COLUMNS, STRING, STRINGS, EXPRESSION, DURATION -> scalar.text();
      case NUMBER, NUMBERS, INTEGER, BOOLEAN, VALUE, VALUES, TUPLES -> scalar.value();
    };
  }

  private static IllegalArgumentException wrong(Parameter parameter, Node node) {
    String shown = node instanceof Node.Scalar scalar && scalar.isNull() ? "nothing" : node.kind();
    return new IllegalArgumentException(
        "Invalid "
            + parameter.name()
            + ": "
            + shown
            + " (must be "
            + takes(parameter.kind())
            + ")");
  }

  static String takes(Parameter.Kind kind) {
    return switch (kind) {
      case COLUMN -> "a column's name";
      case COLUMNS -> "columns' names";
      case STRING -> "text";
      case STRINGS -> "texts";
      case NUMBER -> "a number";
      case NUMBERS -> "numbers";
      case INTEGER -> "a whole number";
      case BOOLEAN -> "true or false";
      case VALUE -> "one value";
      case VALUES -> "values";
      case TUPLES -> "lists of values";
      case DURATION -> "a length of time such as 1h";
      case EXPRESSION -> "an expression";
    };
  }

  private Providers.@Nullable Offer offer(Family family, Node.Scalar name, String path) {
    Providers.Offer offer = offers.get(family).get(name.text());
    if (offer == null) {
      problems.add(
          name,
          path,
          "Unknown "
              + word(family)
              + ": '"
              + name.text()
              + "'"
              + Spelling.hint(name.text(), names(family)));
    }
    return offer;
  }

  private static String word(Family family) {
    return SpecShape.word(family);
  }
}
