package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Features resolved against a schema, as far as what is already fitted allows.
 *
 * @param steps those that can map records now, in order
 * @param learnable those that must be fitted and whose inputs are there or made by {@code steps}
 * @param passes the names of what each remaining pass of fitting learns
 * @param schema the columns of the records and of {@code steps}
 * @param known these and what is known of the columns of features that are not fitted yet
 */
record Plan(
    List<Step> steps,
    List<Step> learnable,
    List<List<String>> passes,
    RecordSchema schema,
    RecordSchema known) {

  /**
   * One feature.
   *
   * @param id {@link Feature#id()}, and those of the features it reads from
   * @param before the columns there are before it
   * @param fields the columns it makes; none if they are not known yet
   */
  record Step(
      String name,
      Feature feature,
      String id,
      RecordSchema before,
      List<Field> fields,
      @Nullable JsonNode state) {

    Feature.Mapping bind() {
      try {
        return feature.bind(before, state);
      } catch (IllegalArgumentException e) {
        throw named(name, e);
      }
    }
  }

  static Plan of(Map<String, Feature> features, RecordSchema schema, FittedFeatures known) {
    Resolver resolver = new Resolver(features, schema, known);
    features.forEach(
        (name, feature) -> {
          try {
            resolver.add(name, feature);
          } catch (IllegalArgumentException e) {
            throw named(name, e);
          }
        });
    return new Plan(
        resolver.steps, resolver.learnable, resolver.passes, resolver.available, resolver.all);
  }

  static IllegalArgumentException named(String feature, IllegalArgumentException e) {
    return new IllegalArgumentException("Feature '" + feature + "': " + e.getMessage(), e);
  }

  /** This plan, if every feature of it can map records. */
  Plan requireFitted(FittedFeatures fitted) {
    if (!passes.isEmpty()) {
      String name = learnable.get(0).name();
      throw new IllegalArgumentException(
          "Feature '"
              + name
              + "': not fitted"
              + Spelling.hint(name, fitted.features().keySet())
              + " (fit it, or give its fitted state)");
    }
    return this;
  }

  /** Takes the features one by one. */
  private static final class Resolver {
    private final Map<String, Feature> features;
    private final FittedFeatures known;
    private final List<Step> steps = new ArrayList<>();
    private final List<Step> learnable = new ArrayList<>();
    private final Map<String, Step> makers = new HashMap<>(); // by column
    private final Map<String, Integer> passesBefore =
        new HashMap<>(); // by column that features make
    private final List<String> namesOfUnknownColumns = new ArrayList<>();
    private RecordSchema available;
    private RecordSchema all; // with the columns of features that are not fitted yet
    private final List<List<String>> passes = new ArrayList<>();

    Resolver(Map<String, Feature> features, RecordSchema schema, FittedFeatures known) {
      this.features = features;
      this.known = known;
      this.available = schema;
      this.all = schema;
    }

    void add(String name, Feature feature) {
      int wait = 0;
      StringBuilder id = new StringBuilder(feature.id());
      for (String input : feature.inputs()) {
        checkKnown(name, input);
        wait = Math.max(wait, passesBefore.getOrDefault(input, 0));
        Step maker = makers.get(input);
        if (maker != null) {
          id.append(", ").append(maker.name()).append(" = ").append(maker.id());
        }
      }
      JsonNode state = feature.needsFit() ? known.state(name, id.toString()) : null;
      boolean toLearn = feature.needsFit() && state == null;
      List<Field> fields = fields(name, feature, toLearn, state);
      Step step = new Step(name, feature, id.toString(), available, fields, state);
      int done = wait + (toLearn ? 1 : 0);
      if (toLearn) {
        if (passes.size() == wait) {
          passes.add(new ArrayList<>());
        }
        passes.get(wait).add(name);
      }
      for (Field field : fields) {
        if (all.contains(field.name())) {
          throw new IllegalArgumentException(
              "would replace column '" + field.name() + "' (give the feature another name)");
        }
        all = all.with(field);
        makers.put(field.name(), step);
        passesBefore.put(field.name(), done);
      }
      if (done == 0) {
        available = available.with(fields.toArray(Field[]::new));
        steps.add(step);
      } else if (wait == 0 && toLearn) {
        learnable.add(step);
      }
    }

    private List<Field> fields(
        String name, Feature feature, boolean toLearn, @Nullable JsonNode state) {
      if (toLearn && feature.learnsColumns()) {
        var unused =
            feature.summary(all); // checks the inputs, which is all that can be checked yet
        namesOfUnknownColumns.add(name);
        return List.of();
      }
      return feature.outputs(name, all, state);
    }

    private void checkKnown(String reader, String input) {
      if (all.contains(input)) {
        return;
      }
      for (String name : namesOfUnknownColumns) {
        if (input.startsWith(name + "_")) {
          throw new IllegalArgumentException(
              "reads '"
                  + input
                  + "', a column that '"
                  + name
                  + "' has only once it is fitted (give '"
                  + name
                  + "' its categories)");
        }
      }
      List<String> names = List.copyOf(features.keySet());
      if (names.indexOf(input) >= names.indexOf(reader)) {
        throw new Order(features).error(reader, input);
      }
      var unused = all.indexOf(input); // throws, with the nearest
    }
  }
}
