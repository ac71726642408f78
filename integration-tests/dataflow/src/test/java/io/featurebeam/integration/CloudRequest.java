package io.featurebeam.integration;

import com.google.api.client.json.GenericJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * A request to Google Cloud as it arrives, alone or as a part of a batch.
 *
 * @param path its decoded parts: {@code [storage, v1, b, a-bucket, o, a/name]}
 * @param query its decoded parameters
 * @param headers by lower-case name
 */
@SuppressWarnings("ArrayRecordComponent") // read once, compared never
record CloudRequest(
    String method,
    List<String> path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {

  /** What no service answers, so that it is told from their own errors; clients do not retry it. */
  static final int UNKNOWN = 418;

  /** The answer to a request that no service here knows. */
  Answer unknown() {
    return Answer.error(UNKNOWN, "Unknown request: " + this);
  }

  /** What is answered. */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(int status, Map<String, String> headers, byte[] body) {

    static Answer of(int status) {
      return new Answer(status, Map.of(), new byte[0]);
    }

    static Answer json(GenericJson json) {
      return new Answer(
          200,
          Map.of("Content-Type", "application/json; charset=UTF-8"),
          StrictModel.text(json).getBytes(StandardCharsets.UTF_8));
    }

    /** In the form in which Google's clients expect an error. */
    static Answer error(int status, String message) {
      GenericJson error = new GenericJson().set("code", status).set("message", message);
      Answer text = json(new GenericJson().set("error", error));
      return new Answer(status, text.headers, text.body);
    }
  }

  static CloudRequest of(String method, String target, Map<String, String> headers, byte[] body)
      throws IOException {
    String[] parts = target.replaceFirst("^https?://[^/]*", "").split("\\?", 2);
    List<String> path =
        Arrays.stream(parts[0].split("/", -1))
            .filter(part -> !part.isEmpty())
            .map(CloudRequest::decoded)
            .toList();
    Map<String, String> query = new TreeMap<>();
    if (parts.length > 1) {
      for (String pair : parts[1].split("&", -1)) {
        String[] sides = pair.split("=", 2);
        query.put(decoded(sides[0]), sides.length > 1 ? decoded(sides[1]) : "");
      }
    }
    Map<String, String> lower = new TreeMap<>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    return new CloudRequest(method, path, query, lower, plain(lower, body));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static byte[] plain(Map<String, String> headers, byte[] body) throws IOException {
    if (!"gzip".equals(headers.get("content-encoding"))) {
      return body;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return in.readAllBytes();
    }
  }

  /** The body as one of the client library's classes; a field that it does not have is refused. */
  <T extends GenericJson> T read(Class<T> model) throws IOException {
    return StrictModel.read(new String(body, StandardCharsets.UTF_8), model);
  }

  boolean is(String wantedMethod, int parts, String... start) {
    return method.equals(wantedMethod)
        && path.size() == parts
        && path.subList(0, start.length).equals(List.of(start));
  }

  @Override
  public String toString() {
    return method + " /" + String.join("/", path) + " " + query;
  }
}
