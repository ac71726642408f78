package io.featurebeam.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/** A registry over HTTP that lets one user in. */
final class StubRegistry implements AutoCloseable {

  private final HttpServer server;
  private final String login;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();

  private StubRegistry(HttpServer server, String login) {
    this.server = server;
    this.login = login;
  }

  static StubRegistry start(String user, String password) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String login =
        "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    StubRegistry registry = new StubRegistry(server, login);
    server.createContext("/", registry::answer);
    server.start();
    return registry;
  }

  void put(String path, Schema schema) throws IOException {
    answers.put(path, new ObjectMapper().writeValueAsString(Map.of("schema", schema.toString())));
  }

  int asked(String path) {
    return asked.getOrDefault(path, 0);
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.merge(path, 1, Integer::sum);
    boolean known =
        exchange
            .getRequestHeaders()
            .getOrDefault("Authorization", List.of())
            .equals(List.of(login));
    String answer = known ? answers.get(path) : "{}";
    byte[] body = (answer == null ? "{}" : answer).getBytes(UTF_8);
    exchange.sendResponseHeaders(!known ? 401 : answer == null ? 404 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
