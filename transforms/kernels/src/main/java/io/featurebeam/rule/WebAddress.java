package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;
import org.apache.commons.validator.routines.UrlValidator;

/**
 * A string is an absolute URL, as Commons Validator judges: a scheme of some, and a host that is an
 * IP address or below a known top-level domain, or with {@code local} any name. Null passes; the
 * empty string fails, as does one of more than 8,192 bytes. Whether something answers there is not
 * asked.
 */
record WebAddress(String column, List<String> schemes, boolean local) implements TextRule {

  static final List<String> SCHEMES = List.of("http", "https", "ftp");

  private static final int LONGEST = 8192;

  WebAddress {
    Objects.requireNonNull(column, "column is null");
    schemes = List.copyOf(schemes);
    for (String scheme : schemes) {
      if (!scheme.matches("[a-z][a-z0-9+.-]*")) {
        throw new IllegalArgumentException(
            "Invalid schemes: '" + scheme + "' (must be such as https, in lower case)");
      }
    }
    if (schemes.isEmpty()) {
      throw new IllegalArgumentException("Invalid schemes: none given (must be at least one)");
    }
  }

  @Override
  public String id() {
    return "url("
        + column
        + (schemes.equals(SCHEMES) ? "" : ", " + schemes)
        + (local ? ", local)" : ")");
  }

  @Override
  public String requirement() {
    return "must be a URL of " + String.join(", ", schemes) + (local ? "" : " with a public host");
  }

  @Override
  public Test test() {
    UrlValidator validator =
        new UrlValidator(schemes.toArray(String[]::new), local ? UrlValidator.ALLOW_LOCAL_URLS : 0);
    return (values, i) -> values.length(i) <= LONGEST && validator.isValid(values.string(i));
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "url";
    }

    @Override
    public String description() {
      return "A string is an absolute URL.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A string column."),
          optional("schemes", Parameter.Kind.STRINGS, "Those that pass; http, https and ftp."),
          optional(
              "local",
              Parameter.Kind.BOOLEAN,
              "Whether hosts such as localhost pass, below no known top-level domain; false."));
    }

    @Override
    public Rule create(Settings settings) {
      return new WebAddress(
          settings.string("column"),
          settings.has("schemes") ? settings.strings("schemes") : SCHEMES,
          settings.flag("local", false));
    }
  }
}
