package io.featurebeam.pipelines.spec;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The newest row of each key in Redis.
 *
 * @param server host:port
 * @param group what services look the rows up by; null for the spec's name
 * @param ttlMicros how long after its event time a row is kept; 0 for ever
 * @param tls null for a connection in clear
 * @param login null to log in nobody
 * @param database the number that SELECT takes
 * @param overwrite whether a group of another schema may be gone on with
 */
public record RedisSink(
    String server,
    @Nullable String group,
    long ttlMicros,
    @Nullable Tls tls,
    @Nullable Login login,
    long database,
    boolean overwrite) {

  /**
   * An encrypted connection.
   *
   * @param truststore whom to trust; null for whom Java trusts
   */
  public record Tls(@Nullable String truststore, @Nullable String password) {
    public Tls {
      if ((truststore == null) != (password == null)) {
        throw new IllegalArgumentException(
            "Invalid tls: truststore and password must be given together");
      }
    }

    @Override
    public String toString() {
      return "tls";
    }
  }

  /**
   * Who writes.
   *
   * @param user null for the default user
   */
  public record Login(@Nullable String user, String password) {
    @Override
    public String toString() {
      return "login";
    }
  }

  public RedisSink {
    Objects.requireNonNull(server, "server is null");
    if (group != null && group.isBlank()) {
      throw new IllegalArgumentException("Invalid group: '' (must not be empty)");
    }
    if (ttlMicros < 0) {
      throw new IllegalArgumentException("Invalid ttl: " + ttlMicros + " (must be > 0)");
    }
    if (database < 0 || database > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("Invalid database: " + database + " (must be >= 0)");
    }
  }

  /** In clear, under the spec's name, for ever. */
  public static RedisSink at(String server) {
    return new RedisSink(server, null, 0, null, null, 0, false);
  }

  /** The group, which is the spec's name if none is said. */
  public String groupOr(String name) {
    return group == null ? name : group;
  }

  @Override
  public String toString() {
    return "redis sink";
  }
}
