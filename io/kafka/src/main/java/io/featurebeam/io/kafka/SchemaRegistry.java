package io.featurebeam.io.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;

/**
 * Looks schemas up in a registry that speaks Confluent's HTTP interface. Callers keep what they
 * were given: a number means the same schema for ever.
 *
 * @param url such as {@code https://registry:8081}
 * @param username for basic authentication; null for none
 * @param password of the user
 * @param truststore what certificates to trust, PKCS 12; null for those that Java trusts
 * @param truststorePassword of the store
 */
public record SchemaRegistry(
    String url,
    @Nullable String username,
    @Nullable String password,
    @Nullable String truststore,
    @Nullable String truststorePassword)
    implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  public SchemaRegistry {
    Objects.requireNonNull(url, "url is null");
    if (!url.matches("https?://[^\\s@]+")) {
      throw new IllegalArgumentException(
          "Invalid registry url: it must be http://host:port or https://host:port, without a user"
              + " (say username and password)");
    }
  }

  public static SchemaRegistry at(String url) {
    return new SchemaRegistry(url, null, null, null, null);
  }

  public SchemaRegistry withLogin(String user, String secret) {
    return new SchemaRegistry(url, user, secret, truststore, truststorePassword);
  }

  public SchemaRegistry withTruststore(String path, String secret) {
    return new SchemaRegistry(url, username, password, path, secret);
  }

  /** The schema of that number; null if there is none. */
  @Nullable Schema schema(int id) throws IOException {
    return get("/schemas/ids/" + id, "schema " + id);
  }

  /** The newest schema of a topic's values, an error if there is none. */
  public Schema latest(String topic) throws IOException {
    String subject = topic + "-value";
    Schema schema =
        get(
            "/subjects/"
                + URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20")
                + "/versions/latest",
            "subject " + subject);
    if (schema == null) {
      throw new IOException(
          "Unknown subject: '" + subject + "' (the registry at " + url + " has none of this name)");
    }
    return schema;
  }

  private @Nullable Schema get(String path, String what) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url.replaceFirst("/+$", "") + path))
            .timeout(TIMEOUT)
            .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
    if (username != null) {
      String login = username + ":" + Objects.requireNonNullElse(password, "");
      request.header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }
    HttpResponse<String> response;
    try {
      response = client().send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while asking the registry at " + url, e);
    } catch (IOException e) {
      throw new IOException("Cannot reach the registry at " + url + ": " + e, e);
    }
    if (response.statusCode() == 404) {
      return null;
    }
    if (response.statusCode() != 200) {
      throw new IOException(
          "The registry at "
              + url
              + " answers "
              + response.statusCode()
              + " for "
              + what
              + (response.statusCode() == 401 || response.statusCode() == 403
                  ? " (check username and password)"
                  : ""));
    }
    return parsed(response.body(), what);
  }

  private Schema parsed(String body, String what) throws IOException {
    JsonNode answer = JSON.readTree(body);
    String type = answer.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new IOException(
          "The registry at " + url + " has " + what + " as " + type + " (must be AVRO)");
    }
    try {
      return new Schema.Parser().parse(answer.path("schema").asText());
    } catch (SchemaParseException e) {
      throw new IOException(
          "The registry at " + url + " has no Avro schema for " + what + ": " + e.getMessage(), e);
    }
  }

  private HttpClient client() throws IOException {
    HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(TIMEOUT);
    if (truststore == null) {
      return client.build();
    }
    try (InputStream in = Files.newInputStream(Path.of(truststore))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, Objects.requireNonNullElse(truststorePassword, "").toCharArray());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      return client.sslContext(tls).build();
    } catch (GeneralSecurityException e) {
      throw new IOException("Cannot use the truststore " + truststore + ": " + e.getMessage(), e);
    }
  }

  /** The address alone. */
  @Override
  public String toString() {
    return url;
  }
}
