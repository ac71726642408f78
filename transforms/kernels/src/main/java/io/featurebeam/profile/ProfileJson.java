package io.featurebeam.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.profile.ColumnProfile.Bin;
import io.featurebeam.profile.ColumnProfile.Distinct;
import io.featurebeam.profile.ColumnProfile.Flags;
import io.featurebeam.profile.ColumnProfile.Hidden;
import io.featurebeam.profile.ColumnProfile.Lists;
import io.featurebeam.profile.ColumnProfile.Numbers;
import io.featurebeam.profile.ColumnProfile.Texts;
import io.featurebeam.profile.ColumnProfile.TopValue;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A profile as JSON, to be kept: what people and other programs read of each column, and the state
 * itself, sketches and all, so that profiles of days add up to that of the month.
 *
 * <pre>{@code
 * Files.writeString(file, ProfileJson.write(profile));
 * profile.merge(ProfileJson.read(Files.readString(file)));
 * }</pre>
 *
 * <p>Numbers that JSON has not (NaN, infinities) are null; minimum and maximum of times are ISO
 * 8601, quantiles and histograms of them numbers, as in {@link ColumnProfile}. What is read back is
 * the state alone. Values of masked columns are in neither.
 */
public final class ProfileJson {

  private static final String FORMAT = "featurebeam-profile";
  private static final int VERSION = 1;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ProfileJson() {}

  /** Some lines for each column. */
  public static String write(BatchProfile profile) {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("version", VERSION);
    json.put("records", profile.records());
    ArrayNode columns = json.putArray("columns");
    profile.columns().forEach(column -> write(columns.addObject(), column));
    ArrayNode correlations = json.putArray("correlations");
    for (Correlation pair : profile.correlations()) {
      ObjectNode object = correlations.addObject();
      object.put("first", pair.first());
      object.put("second", pair.second());
      object.put("pairs", pair.pairs());
      put(object, "pearson", pair.pearson());
    }
    json.put("state", profile.toBytes());
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a tree is always written
    }
  }

  private static void write(ObjectNode json, ColumnProfile column) {
    json.put("name", column.name());
    json.put("type", column.type().toString());
    json.put("masked", column.masked());
    json.put("nulls", column.nulls());
    if (column.detail() instanceof Numbers numbers) {
      write(json, column.type(), numbers);
    } else if (column.detail() instanceof Texts texts) {
      write(json, texts);
    } else if (column.detail() instanceof Flags flags) {
      json.put("trues", flags.trues());
      json.put("falses", flags.falses());
    } else if (column.detail() instanceof Lists lists) {
      putLengths(json, lists.empty(), lists.minLength(), lists.maxLength(), lists.meanLength());
    } else if (!(column.detail() instanceof Hidden)) {
      throw new IllegalStateException("Unknown detail: " + column.detail());
    }
  }

  private static void write(ObjectNode json, FieldType type, Numbers numbers) {
    json.put("finite", numbers.finite());
    json.put("nan", numbers.nan());
    json.put("infinite", numbers.infinite());
    json.put("zeros", numbers.zeros());
    putValue(json, "min", type, numbers.min());
    putValue(json, "max", type, numbers.max());
    put(json, "mean", numbers.mean());
    put(json, "stddev", numbers.stddev());
    put(json, "skewness", numbers.skewness());
    put(json, "kurtosis", numbers.kurtosis());
    put(json, numbers.distinct());
    json.put("estimated", numbers.isEstimated());
    ArrayNode quantiles = json.putArray("quantiles");
    numbers
        .quantiles()
        .forEach(q -> quantiles.addObject().put("rank", q.rank()).put("value", q.value()));
    ArrayNode bins = json.putArray("histogram");
    for (Bin bin : numbers.histogram().bins()) {
      bins.addObject().put("from", bin.from()).put("to", bin.to()).put("count", bin.count());
    }
    json.put("below", numbers.histogram().below());
    json.put("above", numbers.histogram().above());
    if (numbers.top() != null) {
      put(json, numbers.top());
    }
  }

  private static void write(ObjectNode json, Texts texts) {
    putLengths(json, texts.empty(), texts.minLength(), texts.maxLength(), texts.meanLength());
    put(json, texts.distinct());
    put(json, texts.top());
    json.put("topError", texts.topError());
    json.put("estimated", texts.sampled());
  }

  private static void putLengths(ObjectNode json, long empty, long min, long max, double mean) {
    json.put("empty", empty);
    json.put("minLength", min);
    json.put("maxLength", max);
    put(json, "meanLength", mean);
  }

  private static void put(ObjectNode json, Distinct distinct) {
    json.put("distinct", distinct.count());
    json.put("distinctExact", distinct.exact());
  }

  private static void put(ObjectNode json, List<TopValue> values) {
    ArrayNode top = json.putArray("top");
    values.forEach(v -> top.addObject().put("value", v.text()).put("count", v.count()));
  }

  private static void put(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.putNull(name);
    }
  }

  private static void putValue(
      ObjectNode json, String name, FieldType type, @Nullable Number value) {
    if (value instanceof Double number) {
      json.put(name, number);
    } else if (value instanceof Long number && type.isNumeric()) {
      json.put(name, number);
    } else if (value != null) {
      json.put(name, BatchPrinter.text(type, value));
    } else {
      json.putNull(name);
    }
  }

  /**
   * The profile that {@link #write} wrote. An {@link IllegalArgumentException} says what else a
   * text is, or that a newer release wrote it.
   */
  public static BatchProfile read(String text) {
    JsonNode json;
    byte[] state;
    try {
      json = JSON.readTree(text);
      if (!json.path("format").asText().equals(FORMAT)) {
        throw new IllegalArgumentException("Invalid profile: its format is not " + FORMAT);
      }
      int version = json.path("version").asInt(-1);
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "Invalid profile: its version is "
                + json.path("version")
                + " (this release reads "
                + VERSION
                + ")");
      }
      state = json.path("state").binaryValue();
    } catch (IOException e) {
      throw new IllegalArgumentException("Invalid profile: " + firstLine(e), e);
    }
    if (state == null) {
      throw new IllegalArgumentException("Invalid profile: state is missing");
    }
    return BatchProfile.fromBytes(state);
  }

  private static String firstLine(IOException e) {
    return e instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : String.valueOf(e.getMessage());
  }
}
