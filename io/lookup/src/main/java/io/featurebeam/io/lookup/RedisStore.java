package io.featurebeam.io.lookup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisPooled;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Features in Redis, as {@code io.featurebeam.io.redis} writes them; for any number of threads,
 * over a pool of connections.
 */
public final class RedisStore implements FeatureStore {

  /** How many connections there are at most, by default. */
  public static final int DEFAULT_CONNECTIONS = 16;

  private final RedisConnection connection;
  private final JedisPooled redis;

  private RedisStore(RedisConnection connection, int connections) {
    GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
    pool.setMaxTotal(connections);
    pool.setMaxIdle(connections);
    pool.setMaxWait(connection.timeout());
    pool.setJmxEnabled(false);
    this.connection = connection;
    this.redis = new JedisPooled(connection.hostAndPort(), connection.config(), pool);
  }

  /** Connects when something is read. */
  public static RedisStore at(RedisConnection connection) {
    return new RedisStore(connection, DEFAULT_CONNECTIONS);
  }

  /** With another number of connections than {@link #DEFAULT_CONNECTIONS}. */
  public static RedisStore at(RedisConnection connection, int connections) {
    if (connections < 1) {
      throw new IllegalArgumentException("Invalid connections: " + connections + " (must be > 0)");
    }
    return new RedisStore(connection, connections);
  }

  /** A server in clear and without login, that answers within so long. */
  public static RedisStore at(String server, Duration timeout) {
    return at(RedisConnection.to(server).withTimeout(timeout));
  }

  @Override
  public @Nullable Group group(String name) {
    Map<String, String> fields = ask(() -> redis.hgetAll(RedisLayout.group(name)));
    return fields.isEmpty() ? null : RedisLayout.group(fields);
  }

  @Override
  public List<@Nullable StoredRow> rows(List<Address> addresses) {
    byte[][] keys = new byte[addresses.size()][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = RedisLayout.key(addresses.get(i).group(), addresses.get(i).key());
    }
    List<@Nullable StoredRow> rows = new ArrayList<>(keys.length);
    for (byte[] value : ask(() -> redis.mget(keys))) {
      rows.add(value == null ? null : row(value));
    }
    return rows;
  }

  private StoredRow row(byte[] value) {
    if (value.length < RedisLayout.HEADER) {
      throw new FeatureStoreException(
          "Invalid value of "
              + value.length
              + " bytes in "
              + this
              + " (must be "
              + RedisLayout.HEADER
              + " or more)");
    }
    return RedisLayout.row(value);
  }

  /** Connections of before a restart of the server are no reason to fail. */
  private <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (JedisException e) {
      FeatureStoreException failure = connection.failure(e);
      if (!failure.getMessage().startsWith("Cannot reach")) {
        throw failure;
      }
    }
    try {
      redis.getPool().clear();
      return question.get();
    } catch (JedisException e) {
      throw connection.failure(e);
    }
  }

  @Override
  public void close() {
    redis.close();
  }

  @Override
  public String toString() {
    return "Redis at " + connection;
  }
}
