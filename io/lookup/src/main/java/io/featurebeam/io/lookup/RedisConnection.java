package io.featurebeam.io.lookup;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Where a Redis server (5 or later, not a cluster) is and how to log in.
 *
 * <pre>{@code
 * RedisConnection.to("redis:6379").withTls().withLogin("features", password);
 * }</pre>
 *
 * <p>Nothing here is ever printed but the server.
 *
 * @param server host:port
 * @param user null for the default user
 * @param password null to log in nobody
 * @param tls whether the connection is encrypted; the server's name must be that of its certificate
 * @param truststore a JKS or PKCS 12 file of whom to trust, on every machine; null for whom Java
 *     trusts
 * @param truststorePassword of the truststore
 * @param database the number that SELECT takes
 * @param timeout how long the server may take to take a connection, and to answer
 */
public record RedisConnection(
    String server,
    @Nullable String user,
    @Nullable String password,
    boolean tls,
    @Nullable String truststore,
    @Nullable String truststorePassword,
    int database,
    Duration timeout)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** How long a server may take by default. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

  /** What a server says that will be able to answer soon. */
  private static final Pattern PASSING =
      Pattern.compile("(^|[-: ])(LOADING|BUSY|TRYAGAIN|MASTERDOWN|READONLY|CLUSTERDOWN|OOM)\\b");

  public RedisConnection {
    Objects.requireNonNull(timeout, "timeout is null");
    if (!server.matches("(\\[[^\\]]+\\]|[^:\\s/@]+):[0-9]{1,5}")) {
      throw new IllegalArgumentException(
          "Invalid server: must be host:port, such as redis:6379"); // it may hold a password
    }
    if (database < 0) {
      throw new IllegalArgumentException("Invalid database: " + database + " (must be >= 0)");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("Invalid timeout: " + timeout + " (must be > 0)");
    }
  }

  /** In clear, without login, database 0. */
  public static RedisConnection to(String server) {
    return new RedisConnection(server, null, null, false, null, null, 0, DEFAULT_TIMEOUT);
  }

  /** Logs in; without a {@code user} as the default one. */
  public RedisConnection withLogin(@Nullable String newUser, String newPassword) {
    return new RedisConnection(
        server, newUser, newPassword, tls, truststore, truststorePassword, database, timeout);
  }

  /** Encrypted, trusting whom Java trusts. */
  public RedisConnection withTls() {
    return new RedisConnection(server, user, password, true, null, null, database, timeout);
  }

  /** Encrypted, trusting what the store (JKS or PKCS 12, by its ending) holds. */
  public RedisConnection withTls(String newTruststore, String newPassword) {
    return new RedisConnection(
        server, user, password, true, newTruststore, newPassword, database, timeout);
  }

  public RedisConnection withDatabase(int number) {
    return new RedisConnection(
        server, user, password, tls, truststore, truststorePassword, number, timeout);
  }

  public RedisConnection withTimeout(Duration newTimeout) {
    return new RedisConnection(
        server, user, password, tls, truststore, truststorePassword, database, newTimeout);
  }

  /** A connection for one thread. */
  public Jedis open() {
    try {
      Jedis jedis = new Jedis(hostAndPort(), config());
      jedis.connect();
      return jedis;
    } catch (JedisException e) {
      throw failure(e);
    }
  }

  /** Whether the server answers and takes the login; an error that says if not. */
  public void check() {
    try (Jedis redis = open()) {
      var unused = redis.ping();
    } catch (JedisException e) {
      throw failure(e);
    }
  }

  HostAndPort hostAndPort() {
    return HostAndPort.from(server);
  }

  JedisClientConfig config() {
    int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .timeoutMillis(millis)
            .user(user)
            .password(password)
            .database(database)
            .clientName("featurebeam");
    if (tls) {
      SSLParameters parameters = new SSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the name in the certificate
      config.ssl(true).sslParameters(parameters);
      if (truststore != null) {
        config.sslSocketFactory(trusting(truststore).getSocketFactory());
      }
    }
    return config.build();
  }

  private SSLContext trusting(String store) {
    try (InputStream in = Files.newInputStream(Path.of(store))) {
      KeyStore trusted = KeyStore.getInstance(store.endsWith(".jks") ? "JKS" : "PKCS12");
      trusted.load(in, truststorePassword == null ? null : truststorePassword.toCharArray());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new FeatureStoreException(
          "Cannot read the truststore " + store + ": " + e.getMessage(), e);
    }
  }

  /** What went wrong with the server, in words that say what to do. */
  public FeatureStoreException failure(JedisException e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    if (cause.getSuppressed().length > 0) { // of each address that the name stands for
      cause = cause.getSuppressed()[0];
    }
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof JedisAccessControlException) {
        return new FeatureStoreException(refusal(redacted(at)), e);
      }
    }
    if (cause instanceof SocketTimeoutException) {
      return FeatureStoreException.passing(
          "Redis at " + server + " did not answer within " + timeout.toMillis() + " ms", e);
    }
    if (String.valueOf(cause.getMessage()).startsWith("Unknown reply")) {
      return new FeatureStoreException(
          "Cannot reach Redis at " + server + ": what answers there is no Redis server", e);
    }
    if (e instanceof JedisConnectionException || cause instanceof IOException) {
      return FeatureStoreException.passing(
          "Cannot reach Redis at " + server + ": " + redacted(cause), e);
    }
    String message = redacted(e);
    String text = "Redis at " + server + " refuses: " + message;
    return PASSING.matcher(message).find()
        ? FeatureStoreException.passing(text, e)
        : new FeatureStoreException(text, e);
  }

  private String refusal(String message) {
    if (message.startsWith("NOPERM")) {
      return "No right at Redis at "
          + server
          + ": "
          + message
          + " (a writer needs HGETALL, HSET, EVAL, EVALSHA, GETRANGE, SET, PEXPIREAT and EXISTS on"
          + " keys fb:*, a reader HGETALL and MGET)";
    }
    return "Cannot log in to Redis at "
        + server
        + ": "
        + message
        + (message.startsWith("NOAUTH")
            ? " (the server wants a login: give a password, and a user if it is not the default"
                + " one)"
            : " (check user and password)");
  }

  /** Some servers repeat the command that they refuse. */
  private String redacted(Throwable e) {
    String message = String.valueOf(e.getMessage());
    return password == null ? message : message.replace(password, "***");
  }

  /** The server alone. */
  @Override
  public String toString() {
    return server;
  }
}
