package io.featurebeam.pipelines.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the brokers are and how to log in.
 *
 * @param servers host:port, several parted by commas
 * @param tls null for none
 * @param login null for none
 * @param properties of Kafka's clients
 */
public record KafkaAccess(
    String servers, @Nullable Tls tls, @Nullable Login login, Map<String, String> properties) {

  /**
   * Encryption.
   *
   * @param truststore a path on every worker; null to trust whom Java trusts
   * @param password of the truststore
   * @param keystore one's own certificate; null for none
   * @param keystorePassword of the keystore
   */
  public record Tls(
      @Nullable String truststore,
      @Nullable String password,
      @Nullable String keystore,
      @Nullable String keystorePassword) {
    public Tls {
      if ((truststore == null) != (password == null)) {
        throw new IllegalArgumentException(
            "Invalid tls: truststore and password must be given together");
      }
      if ((keystore == null) != (keystorePassword == null)) {
        throw new IllegalArgumentException(
            "Invalid tls: keystore and keystorePassword must be given together");
      }
    }

    @Override
    public String toString() {
      return "tls";
    }
  }

  /** Name and password. */
  public record Login(Mechanism mechanism, String username, String password) {

    /** How the password is shown. */
    public enum Mechanism {
      PLAIN("PLAIN"),
      SCRAM_SHA_256("SCRAM-SHA-256"),
      SCRAM_SHA_512("SCRAM-SHA-512");

      private final String word;

      Mechanism(String word) {
        this.word = word;
      }

      /** Kafka's word for it. */
      public String word() {
        return word;
      }
    }

    public Login {
      Objects.requireNonNull(mechanism, "mechanism is null");
      Objects.requireNonNull(username, "username is null");
      Objects.requireNonNull(password, "password is null");
    }

    @Override
    public String toString() {
      return "login";
    }
  }

  public KafkaAccess {
    Objects.requireNonNull(servers, "servers is null");
    if (servers.isBlank()) {
      throw new IllegalArgumentException("Invalid servers: '' (must be host:port)");
    }
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  /** In clear, without a login. */
  public static KafkaAccess of(String servers) {
    return new KafkaAccess(servers, null, null, Map.of());
  }

  @Override
  public String toString() {
    return "kafka access";
  }
}
