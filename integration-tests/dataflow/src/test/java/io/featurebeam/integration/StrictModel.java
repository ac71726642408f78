package io.featurebeam.integration;

import com.google.api.client.json.GenericJson;
import com.google.api.client.json.JsonFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import org.apache.beam.sdk.extensions.gcp.util.Transport;

/**
 * Reads JSON as the classes of Google's client libraries, which are made of the services' public
 * discovery documents, and takes no field that they do not have.
 */
final class StrictModel {

  private static final JsonFactory JSON = Transport.getJsonFactory();

  private StrictModel() {}

  static <T extends GenericJson> T read(String text, Class<T> model) throws IOException {
    T read = JSON.fromString(text, model);
    check(read, model.getSimpleName());
    return read;
  }

  static String text(GenericJson json) {
    try {
      return JSON.toString(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void check(Object value, String place) {
    if (value instanceof GenericJson json && json.getClass() != GenericJson.class) {
      if (!json.getUnknownKeys().isEmpty()) {
        throw new IllegalArgumentException(
            "Unknown fields of " + place + ": " + json.getUnknownKeys().keySet());
      }
    }
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, inner) -> check(inner, place + "." + key));
    } else if (value instanceof Collection<?> list) {
      list.forEach(inner -> check(inner, place + "[]"));
    }
  }
}
