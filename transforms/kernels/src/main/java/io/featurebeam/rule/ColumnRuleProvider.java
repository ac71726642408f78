package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.function.Function;

/** The provider of a rule that takes a column and nothing else. */
abstract class ColumnRuleProvider implements RuleProvider {

  private final String name;
  private final String description;
  private final String columnDescription;
  private final Function<String, Rule> create;

  ColumnRuleProvider(
      String name, String description, String columnDescription, Function<String, Rule> create) {
    this.name = name;
    this.description = description;
    this.columnDescription = columnDescription;
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
    return List.of(required("column", Parameter.Kind.COLUMN, columnDescription));
  }

  @Override
  public final Rule create(Settings settings) {
    return create.apply(settings.string("column"));
  }
}
