package io.featurebeam.feature;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the features of a {@link FeatureSet} learned: one readable JSON document, saved beside the
 * model and used alike in batch, stream and service.
 *
 * <pre>{@code
 * {"version": 1,
 *  "features": {
 *    "delay_z": {
 *      "feature": "standardize(delay, population)",
 *      "trainedRows": 3000000,
 *      "trainedRanges": [["2001-01-01T00:00:00Z", "2001-07-01T00:00:00Z"]],
 *      "state": {"count": 2999871, "mean": 8.2, ...}}}}
 * }</pre>
 *
 * <p>{@code feature} is {@link Feature#id()}, with what it reads from other features behind it, so
 * that a state is never used by another feature than the one that learned it. Doubles survive the
 * document bit for bit.
 */
public final class FittedFeatures implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The version that is written, and the only one that is read. */
  static final int VERSION = 1;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();
  private static final FittedFeatures NONE = new FittedFeatures(Map.of());

  private final Map<String, FittedFeature> features;

  FittedFeatures(Map<String, FittedFeature> features) {
    this.features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
  }

  /** Nothing fitted: for features that need no fit, and to start from. */
  public static FittedFeatures none() {
    return NONE;
  }

  /** Reads a document; an error says what is wrong with it. */
  public static FittedFeatures parse(String json) {
    JsonNode document;
    try {
      document = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Invalid fitted features: not JSON (" + e.getOriginalMessage() + ")", e);
    }
    long version = Json.count(document, "version");
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "Invalid fitted features: version " + version + " (must be " + VERSION + "; fit again)");
    }
    JsonNode all = document.path("features");
    if (!all.isObject()) {
      throw Json.invalid("features", all, "an object");
    }
    Map<String, FittedFeature> features = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : all.properties()) {
      features.put(entry.getKey(), FittedFeature.of(entry.getKey(), entry.getValue()));
    }
    return new FittedFeatures(features);
  }

  /** The document. */
  public String toJson() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("version", VERSION);
    ObjectNode all = document.putObject("features");
    features.forEach((name, feature) -> all.set(name, feature.toJson()));
    try {
      return JSON.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a tree of plain values can always be written
    }
  }

  /** By the names that the features were declared under, in that order. */
  public Map<String, FittedFeature> features() {
    return features;
  }

  /** These and more; a feature that both have is the other's. */
  public FittedFeatures with(FittedFeatures other) {
    Map<String, FittedFeature> all = new LinkedHashMap<>(features);
    all.putAll(other.features);
    return new FittedFeatures(all);
  }

  /** These but for the named ones. */
  public FittedFeatures without(Collection<String> names) {
    Map<String, FittedFeature> rest = new LinkedHashMap<>(features);
    rest.keySet().removeAll(Set.copyOf(names));
    return new FittedFeatures(rest);
  }

  /** The state for a feature of this id, null if there is none; a state of another id throws. */
  @Nullable JsonNode state(String name, String id) {
    FittedFeature feature = features.get(name);
    if (feature == null) {
      return null;
    }
    if (!feature.feature().equals(id)) {
      throw new IllegalArgumentException(
          "Fitted state is of "
              + feature.feature()
              + " (must be of "
              + id
              + ": fit again, or restore the declaration)");
    }
    return feature.state();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof FittedFeatures f && Objects.equals(toJson(), f.toJson());
  }

  @Override
  public int hashCode() {
    return features.keySet().hashCode();
  }

  @Override
  public String toString() {
    return toJson();
  }

  private Object writeReplace() {
    return new Serialized(toJson());
  }

  /**
   * The document stands for the value in Java serialisation too: trees of JSON differ by version.
   */
  private record Serialized(String json) implements Serializable {
    private Object readResolve() {
      return parse(json);
    }
  }
}
