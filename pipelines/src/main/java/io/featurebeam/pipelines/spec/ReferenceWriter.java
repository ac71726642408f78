package io.featurebeam.pipelines.spec;

import io.featurebeam.pipelines.spec.Shape.Family;
import io.featurebeam.pipelines.spec.Shape.KeyShape;
import io.featurebeam.settings.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The reference page of the spec file in Markdown, from the same declarations as the parser. */
public final class ReferenceWriter {

  private final Providers providers;
  private final StringBuilder out = new StringBuilder();
  private final List<Titled> later = new ArrayList<>();

  private record Titled(String title, Shape.Section section, String description) {}

  private ReferenceWriter(Providers providers) {
    this.providers = providers;
  }

  /** The page with the rules, features, aggregates and sources of these providers. */
  public static String write(Providers providers) {
    return new ReferenceWriter(providers).page();
  }

  private String page() {
    out.append(
        """
        # The pipeline spec

        This page is generated from the declarations that the parser uses; a test says how to renew it.

        A spec is one YAML 1.2 file. A key marked **required** must be given. Where a list is taken, one
        value stands for a list of one. A length of time is a whole number and `us`, `ms`, `s`, `m`, `h`,
        `d` or `w`, above zero. Paths are relative to the folder that the command runs in, those of `tests`
        to the spec's own.

        `${NAME}` anywhere in a value is that environment variable. Its value is a secret: console, logs,
        report, rejects and manifest show `${NAME}` in its place, if it has at least 4 characters. Records
        themselves, names of columns and folders are output and stand as they are. `$${` is a plain `${`.

        `--set=path.to.key=value` overrides a key from the command line: list items by number
        (`--set=aggregate.0.window=1h`), the value as YAML; `--set=path.to.key=` removes it. A file has at
        most 1 Mi characters, 32 levels and 50,000 values; tags are refused.

        What a run writes, spec tests and repaired rejects: [output.md](output.md).

        """);
    table("The file", "", SpecShape.ROOT);
    while (!later.isEmpty()) {
      Titled next = later.remove(0);
      table(next.title, next.description, next.section);
    }
    offers(
        "Rules",
        "`validate` items: `{ rule: name, ... }`. `onFail` is `reject` (the default: the record"
            + " goes to the rejects), `warn` (it is used and counted) or `fail` (nothing is"
            + " published). With `when: \"carrier == 'AA'\"`, a CEL condition, a rule judges only the"
            + " records for which it is true; `unique`, which needs the whole run, takes none.",
        providers.ruleOffers());
    offers(
        "Features",
        "`features` entries: `column: { name: ... }`. The first setting may stand behind"
            + " the name.",
        providers.featureOffers());
    offers(
        "Aggregates",
        "`aggregate` features: `column: { name: ... }`. The first setting may stand"
            + " behind the name; `where: \"delay > 15\"` beside it makes only some records count,"
            + " and `per: category` computes it for each value of a category. In the place of a"
            + " column, `elements(tags)` takes each element of the list column `tags` as a value,"
            + " where the order of events does not matter.",
        providers.aggregateOffers());
    offers("Beside an aggregate", "", List.of(UseReader.PER));
    if (!providers.sourceOffers().isEmpty()) {
      offers("Other sources", "", providers.sourceOffers());
    }
    return out.toString().stripTrailing() + "\n";
  }

  private void table(String title, String description, Shape.Section section) {
    out.append("## ").append(title).append("\n\n");
    if (!description.isEmpty()) {
      out.append(description).append("\n\n");
    }
    out.append("| key | takes | meaning |\n|---|---|---|\n");
    String prefix = title.equals("The file") ? "" : title.replace("`", "") + ".";
    for (KeyShape key : section.keys()) {
      row(key.name(), takes(key.shape()), key.required(), key.description());
      queue(prefix + key.name(), key.shape(), key.description());
    }
    out.append('\n');
  }

  private void queue(String path, Shape shape, String description) {
    if (shape instanceof Shape.Section section) {
      later.add(new Titled("`" + path + "`", section, description));
    } else if (shape instanceof Shape.Items items) {
      queue(path, items.of(), description);
    } else if (shape instanceof Shape.WordOr wordOr) {
      later.add(new Titled("`" + path + "`", wordOr.section(), description));
    } else if (shape instanceof Shape.OneOfOr either) {
      later.add(
          new Titled(
              "`" + path + "` of history and stream",
              either.section(),
              "In the place of one source."));
      queue(path, either.oneOf(), description);
    } else if (shape instanceof Shape.ItemsOr itemsOr) {
      later.add(new Titled("`" + path + "`", itemsOr.section(), description));
    } else if (shape instanceof Shape.Named named
        && named.of() instanceof Shape.OneOf oneOf
        && !oneOf.beside().isEmpty()) { // what it is one of has its tables already
      Shape.Section beside = new Shape.Section(oneOf.beside());
      String each = description + " Each is " + takes(oneOf) + ".";
      later.add(new Titled("`" + path + ".NAME`", beside, each));
    } else if (shape instanceof Shape.OneOf oneOf) {
      oneOf.keys().forEach(key -> queue(path + "." + key.name(), key.shape(), key.description()));
    }
  }

  private void offers(String title, String description, List<Providers.Offer> offers) {
    out.append("## ").append(title).append("\n\n");
    if (!description.isEmpty()) {
      out.append(description).append("\n\n");
    }
    for (Providers.Offer offer : offers) {
      out.append("### `").append(offer.name()).append("`\n\n");
      out.append(offer.description()).append("\n\n");
      List<Parameter> own =
          offer.parameters().stream().filter(p -> !p.equals(Providers.WHEN)).toList();
      if (!own.isEmpty()) {
        out.append("| setting | takes | meaning |\n|---|---|---|\n");
        for (Parameter p : own) {
          row(p.name(), UseReader.takes(p.kind()), p.required(), p.description());
        }
        out.append('\n');
      }
    }
  }

  private void row(String name, String takes, boolean required, String description) {
    out.append("| `")
        .append(name)
        .append("` | ")
        .append(cell(takes))
        .append(" | ")
        .append(required ? "**required** " : "")
        .append(cell(description))
        .append(" |\n");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }

  private static String takes(Shape shape) {
    if (shape instanceof Shape.Plain plain) {
      return UseReader.takes(plain.kind());
    }
    if (shape instanceof Shape.Form form) {
      return form.words() + ", such as `" + form.example() + "`";
    }
    if (shape instanceof Shape.Choice choice) {
      return "`" + String.join("`, `", choice.words()) + "`";
    }
    if (shape instanceof Shape.Items items) {
      return "list of: " + takes(items.of());
    }
    if (shape instanceof Shape.Named named) {
      return "per " + named.name() + ": " + takes(named.of());
    }
    if (shape instanceof Shape.OneOf oneOf) {
      return "one of `"
          + String.join("`, `", oneOf.keys().stream().map(KeyShape::name).toList())
          + "`"
          + (oneOf.open() ? " or a source of your own" : "")
          + oneOf.beside().stream()
              .map(key -> ", and `" + key.name() + "`")
              .collect(Collectors.joining());
    }
    if (shape instanceof Shape.WordOr wordOr) {
      return takes(wordOr.word()) + " or keys";
    }
    if (shape instanceof Shape.OneOfOr either) {
      return takes(either.oneOf())
          + ", or `"
          + String.join("`, `", either.section().keys().stream().map(KeyShape::name).toList())
          + "`";
    }
    if (shape instanceof Shape.ItemsOr itemsOr) {
      return takes(itemsOr.items()) + ", or keys";
    }
    if (shape instanceof Shape.Provided provided) {
      return (provided.family() == Family.AGGREGATE ? "an " : "a ")
          + SpecShape.word(provided.family());
    }
    return "keys";
  }
}
