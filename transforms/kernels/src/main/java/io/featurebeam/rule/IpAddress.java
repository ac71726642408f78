package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;
import org.apache.commons.validator.routines.InetAddressValidator;

/**
 * A string is an IP address of version 4 ({@code 192.0.2.1}, no leading zeros), of version 6
 * ({@code 2001:db8::1}), or of either. Null passes; the empty string fails, as do names, ranges
 * such as {@code 10.0.0.0/8}, and ports.
 *
 * @param version 4, 6, or 0 for either
 */
record IpAddress(String column, long version) implements TextRule {

  private static final int LONGEST = 64;

  IpAddress {
    Objects.requireNonNull(column, "column is null");
    if (version != 0 && version != 4 && version != 6) {
      throw new IllegalArgumentException("Invalid version: " + version + " (must be 4 or 6)");
    }
  }

  @Override
  public String id() {
    return "ip(" + column + (version == 0 ? ")" : ", " + version + ")");
  }

  @Override
  public String requirement() {
    return "must be an IP" + (version == 0 ? "" : "v" + version) + " address";
  }

  @Override
  public Test test() {
    InetAddressValidator validator = InetAddressValidator.getInstance();
    return (values, i) -> {
      String text = values.length(i) <= LONGEST ? values.string(i) : "";
      return (version != 6 && validator.isValidInet4Address(text))
          || (version != 4 && text.indexOf('/') < 0 && validator.isValidInet6Address(text));
    };
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "ip";
    }

    @Override
    public String description() {
      return "A string is an IP address.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A string column."),
          optional("version", Parameter.Kind.INTEGER, "4 or 6; either if left out."));
    }

    @Override
    public Rule create(Settings settings) {
      return new IpAddress(settings.string("column"), versionOf(settings));
    }

    private static long versionOf(Settings settings) {
      long version = settings.integer("version", 0);
      if (settings.has("version") && version == 0) {
        throw new IllegalArgumentException("Invalid version: 0 (must be 4 or 6)");
      }
      return version;
    }
  }
}
