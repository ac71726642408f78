package io.featurebeam.io.kafka;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Where the brokers are and how to log in.
 *
 * <pre>{@code
 * KafkaConnection.to("broker-1:9093,broker-2:9093")
 *     .withTls("/etc/kafka/truststore.p12", password)
 *     .withPlain("reader", secret);
 * }</pre>
 *
 * <p>Paths of stores must exist on every worker. Nothing here is ever printed but the servers:
 * properties may hold passwords, so they do not go through Beam's display data either.
 *
 * @param servers host:port, several parted by commas
 * @param properties of Kafka's clients, by their names in Kafka's documentation
 */
public record KafkaConnection(String servers, Map<String, String> properties)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** What this project sets itself, and where a user says it instead. */
  private static final Map<String, String> RESERVED =
      Map.of(
          "bootstrap.servers", "servers",
          "group.id", "start: group",
          "auto.offset.reset", "start",
          "enable.auto.commit", "start: group",
          "key.deserializer", "format",
          "value.deserializer", "format",
          "key.serializer", "format",
          "value.serializer", "format",
          "transactional.id", "exactlyOnce");

  public KafkaConnection {
    Objects.requireNonNull(servers, "servers is null");
    if (servers.isBlank()) {
      throw new IllegalArgumentException(
          "Invalid servers: '' (must be host:port, several parted by commas)");
    }
    for (String server : List.of(servers.split(",", -1))) {
      if (!server.strip().matches("(.+://)?(\\[[^\\]]+\\]|[^:\\s]+):[0-9]{1,5}")) {
        throw new IllegalArgumentException(
            "Invalid servers: '" + server.strip() + "' (must be host:port, such as broker:9092)");
      }
    }
    properties.forEach(
        (name, value) -> {
          if (RESERVED.containsKey(name)) {
            throw new IllegalArgumentException(
                "Invalid properties: '" + name + "' (say " + RESERVED.get(name) + " instead)");
          }
        });
    properties = new TreeMap<>(properties); // serializable, and in one order
  }

  public static KafkaConnection to(String servers) {
    return new KafkaConnection(servers, Map.of());
  }

  /** More properties; one that is known already is replaced. */
  public KafkaConnection with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(properties);
    all.putAll(more);
    return new KafkaConnection(servers, all);
  }

  /** Encrypted, trusting whom Java trusts. */
  public KafkaConnection withTls() {
    return with(
        Map.of("security.protocol", properties.containsKey("sasl.mechanism") ? "SASL_SSL" : "SSL"));
  }

  /** Encrypted, trusting what the store (JKS or PKCS 12, by its ending) holds. */
  public KafkaConnection withTls(String truststore, String password) {
    return with(
        Map.of(
            "security.protocol",
            properties.containsKey("sasl.mechanism") ? "SASL_SSL" : "SSL",
            "ssl.truststore.location",
            truststore,
            "ssl.truststore.type",
            storeType(truststore),
            "ssl.truststore.password",
            password));
  }

  /** Shows the brokers a certificate of one's own, besides {@link #withTls}. */
  public KafkaConnection withCertificate(String keystore, String password) {
    return with(
        Map.of(
            "ssl.keystore.location",
            keystore,
            "ssl.keystore.type",
            storeType(keystore),
            "ssl.keystore.password",
            password,
            "ssl.key.password",
            password));
  }

  /** Logs in with name and password, in clear unless {@link #withTls} is given too. */
  public KafkaConnection withPlain(String username, String password) {
    return withLogin("PLAIN", "org.apache.kafka.common.security.plain.Plain", username, password);
  }

  /**
   * Logs in with name and password, of which the broker is only shown a proof.
   *
   * @param mechanism SCRAM-SHA-256 or SCRAM-SHA-512
   */
  public KafkaConnection withScram(String mechanism, String username, String password) {
    if (!mechanism.equals("SCRAM-SHA-256") && !mechanism.equals("SCRAM-SHA-512")) {
      throw new IllegalArgumentException(
          "Invalid mechanism: '" + mechanism + "' (must be SCRAM-SHA-256 or SCRAM-SHA-512)");
    }
    return withLogin(mechanism, "org.apache.kafka.common.security.scram.Scram", username, password);
  }

  private KafkaConnection withLogin(
      String mechanism, String module, String username, String password) {
    String tls = properties.getOrDefault("security.protocol", "PLAINTEXT");
    return with(
        Map.of(
            "security.protocol",
            tls.equals("SSL") || tls.equals("SASL_SSL") ? "SASL_SSL" : "SASL_PLAINTEXT",
            "sasl.mechanism",
            mechanism,
            "sasl.jaas.config",
            module
                + "LoginModule required username="
                + quoted(username)
                + " password="
                + quoted(password)
                + ";"));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String storeType(String path) {
    return path.endsWith(".jks") ? "JKS" : path.endsWith(".pem") ? "PEM" : "PKCS12";
  }

  /** A consumer of bytes; {@code settings} stand before the properties. */
  Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
    return new KafkaConsumer<>(
        config(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** A producer of bytes; {@code settings} stand behind the properties. */
  Producer<byte[], byte[]> producer(Map<String, Object> settings) {
    return new KafkaProducer<>(
        producing(settings), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The same for transactions that may be interrupted. */
  Producer<byte[], byte[]> resumingProducer(Map<String, Object> settings) {
    return new ResumingProducer(producing(settings));
  }

  private Map<String, Object> producing(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.putAll(config(Map.of()));
    return all;
  }

  Admin admin(Map<String, Object> settings) {
    return Admin.create(config(settings));
  }

  private Map<String, Object> config(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(properties);
    all.putAll(settings);
    all.put("bootstrap.servers", servers);
    return all;
  }

  /** The servers alone. */
  @Override
  public String toString() {
    return servers;
  }
}
