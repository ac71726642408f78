package io.featurebeam.integration;

import com.google.api.services.storage.model.Bucket;
import com.google.api.services.storage.model.Objects;
import com.google.api.services.storage.model.RewriteResponse;
import com.google.api.services.storage.model.StorageObject;
import io.featurebeam.integration.CloudRequest.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One bucket of Cloud Storage, as far as Beam and its connector ask for it. */
final class StubStorage {

  static final String BUCKET = "a-bucket";

  private static final Pattern CHUNK = Pattern.compile("bytes (?:\\*|(\\d+)-\\d+)/(\\*|\\d+)");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final Map<String, Upload> uploads = new HashMap<>();
  private final String root;
  private String denied = "no object";

  private record Upload(String name, ByteArrayOutputStream bytes) {}

  /**
   * @param root where the server is
   */
  StubStorage(String root) {
    this.root = root;
  }

  void put(String name, byte[] bytes) {
    objects.put(name, bytes);
  }

  byte[] get(String name) {
    byte[] bytes = objects.get(name);
    if (bytes == null) {
      throw new AssertionError("No object " + name + " among " + objects.keySet());
    }
    return bytes;
  }

  String text(String name) {
    return new String(get(name), StandardCharsets.UTF_8);
  }

  /** The names of objects that start so. */
  List<String> names(String prefix) {
    return objects.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  /** From now on nobody may read this object. */
  void deny(String name) {
    denied = name;
  }

  synchronized Answer answer(CloudRequest request) throws IOException {
    if (request.path().get(0).equals("batch")) {
      return batch(request);
    }
    if (request.path().get(0).equals("upload")) {
      return upload(request);
    }
    boolean download = request.path().get(0).equals("download");
    List<String> path = request.path().subList(download ? 3 : 2, request.path().size());
    if (path.size() < 2 || !path.get(0).equals("b")) {
      return request.unknown();
    }
    if (!path.get(1).equals(BUCKET)) {
      return Answer.error(404, "The specified bucket does not exist.");
    }
    if (path.size() == 2 && request.method().equals("GET")) {
      return Answer.json(
          new Bucket().setName(BUCKET).setId(BUCKET).setProjectNumber(BigInteger.TEN));
    }
    if (path.size() == 3 && request.method().equals("GET")) {
      return list(request);
    }
    return path.size() >= 4
        ? object(request, path.get(3), path.subList(4, path.size()))
        : request.unknown();
  }

  private Answer list(CloudRequest request) {
    String prefix = request.query().getOrDefault("prefix", "");
    return Answer.json(new Objects().setItems(names(prefix).stream().map(this::metadata).toList()));
  }

  private Answer object(CloudRequest request, String name, List<String> rest) {
    if (name.equals(denied)) {
      return Answer.error(
          401, "Anonymous caller does not have storage.objects.get access to the object.");
    }
    byte[] bytes = objects.get(name);
    if (bytes == null) {
      return Answer.error(404, "No such object: " + BUCKET + "/" + name);
    }
    if (rest.size() == 5 && rest.get(0).equals("rewriteTo")) {
      objects.put(rest.get(4), bytes);
      return Answer.json(
          new RewriteResponse()
              .setDone(true)
              .setObjectSize((long) bytes.length)
              .setTotalBytesRewritten((long) bytes.length)
              .setResource(metadata(rest.get(4))));
    }
    return switch (request.method()) {
      case "GET" ->
          "media".equals(request.query().get("alt"))
              ? media(request, bytes)
              : Answer.json(metadata(name));
      case "DELETE" -> {
        objects.remove(name);
        yield Answer.of(204);
      }
      default -> request.unknown();
    };
  }

  private static Answer media(CloudRequest request, byte[] bytes) {
    Matcher range = RANGE.matcher(request.headers().getOrDefault("range", ""));
    if (!range.matches()) {
      return new Answer(200, Map.of("Content-Type", "application/octet-stream"), bytes);
    }
    int from = Integer.parseInt(range.group(1));
    int to =
        range.group(2).isEmpty()
            ? bytes.length
            : (int) Math.min(bytes.length, Long.parseLong(range.group(2)) + 1);
    if (from >= bytes.length) {
      return Answer.error(416, "Requested range not satisfiable");
    }
    return new Answer(
        206,
        Map.of(
            "Content-Type",
            "application/octet-stream",
            "Content-Range",
            "bytes " + from + "-" + (to - 1) + "/" + bytes.length),
        Arrays.copyOfRange(bytes, from, to));
  }

  /** First the object's fields, then its content in chunks, to the address that was answered. */
  private Answer upload(CloudRequest request) throws IOException {
    if (request.method().equals("POST")) {
      StorageObject fields = request.read(StorageObject.class);
      String name = fields.getName() == null ? request.query().get("name") : fields.getName();
      String session = String.valueOf(uploads.size());
      uploads.put(session, new Upload(name, new ByteArrayOutputStream()));
      return new Answer(200, Map.of("Location", root + "upload/session/" + session), new byte[0]);
    }
    Upload upload = uploads.get(request.path().get(2));
    Matcher chunk = CHUNK.matcher(request.headers().getOrDefault("content-range", ""));
    if (!chunk.matches()) {
      return request.unknown();
    }
    upload.bytes().writeBytes(request.body());
    if (chunk.group(2).equals("*")) {
      return new Answer(
          308, Map.of("Range", "bytes=0-" + (upload.bytes().size() - 1)), new byte[0]);
    }
    objects.put(upload.name(), upload.bytes().toByteArray());
    return Answer.json(metadata(upload.name()));
  }

  /** Requests in the parts of one, answers likewise. */
  private Answer batch(CloudRequest request) throws IOException {
    String boundary =
        request.headers().get("content-type").replaceFirst(".*boundary=\"?([^\";]+)\"?.*", "$1");
    String text = new String(request.body(), StandardCharsets.ISO_8859_1);
    StringBuilder answers = new StringBuilder();
    for (String part : text.split("--" + Pattern.quote(boundary), -1)) {
      String[] headAndInner = part.strip().split("\\r?\\n\\r?\\n", 2);
      if (headAndInner.length == 2) {
        Map<String, String> head = headers(headAndInner[0].lines().toList());
        List<String> inner = headAndInner[1].split("\\r?\\n\\r?\\n", 2)[0].lines().toList();
        String[] line = inner.get(0).split(" ", -1);
        Answer answer =
            answer(
                CloudRequest.of(
                    line[0], line[1], headers(inner.subList(1, inner.size())), new byte[0]));
        answers
            .append("--answers\r\nContent-Type: application/http\r\nContent-ID: response-")
            .append(head.getOrDefault("content-id", ""))
            .append("\r\n\r\nHTTP/1.1 ")
            .append(answer.status())
            .append(" Status\r\nContent-Type: application/json\r\nContent-Length: ")
            .append(answer.body().length)
            .append("\r\n\r\n")
            .append(new String(answer.body(), StandardCharsets.ISO_8859_1))
            .append("\r\n");
      }
    }
    return new Answer(
        200,
        Map.of("Content-Type", "multipart/mixed; boundary=answers"),
        answers.append("--answers--\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Map<String, String> headers(List<String> lines) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : lines) {
      String[] sides = line.split(": ?", 2);
      if (sides.length == 2) {
        headers.put(sides[0], sides[1]);
      }
    }
    return headers;
  }

  private StorageObject metadata(String name) {
    return new StorageObject()
        .setBucket(BUCKET)
        .setName(name)
        .setId(BUCKET + "/" + name)
        .setGeneration(1L)
        .setMetageneration(1L)
        .setSize(BigInteger.valueOf(get(name).length));
  }
}
