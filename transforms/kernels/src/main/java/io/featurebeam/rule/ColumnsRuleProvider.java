package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.function.Function;

/** The provider of a rule that takes columns and nothing else. */
abstract class ColumnsRuleProvider implements RuleProvider {

  private final String name;
  private final String description;
  private final String columnsDescription;
  private final Function<List<String>, Rule> create;

  ColumnsRuleProvider(
      String name,
      String description,
      String columnsDescription,
      Function<List<String>, Rule> create) {
    this.name = name;
    this.description = description;
    this.columnsDescription = columnsDescription;
    this.create = create;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String description() {
    return description;
  }

  @Override
  public final List<Parameter> parameters() {
    return List.of(required("columns", Parameter.Kind.COLUMNS, columnsDescription));
  }

  @Override
  public final Rule create(Settings settings) {
    return create.apply(settings.strings("columns"));
  }
}
