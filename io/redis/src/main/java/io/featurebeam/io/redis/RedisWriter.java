package io.featurebeam.io.redis;

import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.FeatureStoreException;
import io.featurebeam.io.lookup.LatestRow;
import io.featurebeam.io.lookup.RedisConnection;
import io.featurebeam.io.lookup.RedisLayout;
import io.featurebeam.io.store.OnlineStore;
import io.featurebeam.transforms.records.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.util.BackOff;
import org.apache.beam.sdk.util.BackOffUtils;
import org.apache.beam.sdk.util.Sleeper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Writes rows over one connection, for one thread. The server compares versions and sets value and
 * expiry in one step, so that an older row never replaces a newer one, whoever else writes; to
 * write a row again changes nothing.
 */
final class RedisWriter implements OnlineStore.Writer {

  private static final Logger LOG = LoggerFactory.getLogger(RedisWriter.class);

  /** Rows that the server takes in one step, in which it serves nobody else. */
  private static final int ROWS_PER_STEP = 200;

  /** Steps that are on their way at once. */
  private static final int STEPS_PER_TRIP = 16;

  /**
   * A row whose time is over is set and deleted at once: it may be newer than what is there, and
   * then nothing is right.
   */
  private static final byte[] SCRIPT =
      """
      local written, older, expired = 0, 0, 0
      for i = 1, #KEYS do
        local value, at = ARGV[2 * i - 1], ARGV[2 * i]
        if redis.call('GETRANGE', KEYS[i], 0, 47) > string.sub(value, 1, 48) then
          older = older + 1
        else
          redis.call('SET', KEYS[i], value)
          if at ~= '' and redis.call('PEXPIREAT', KEYS[i], at) == 1
              and redis.call('EXISTS', KEYS[i]) == 0 then
            expired = expired + 1
          else
            written = written + 1
          end
        end
      end
      return {written, older, expired}
      """
          .getBytes(StandardCharsets.US_ASCII);

  private static final byte[] SCRIPT_HASH = sha1(SCRIPT);

  private static final byte[] NEVER = {};

  private final RedisConnection connection;
  private final FeatureGroup group;
  private final String schemaId;
  private final boolean overwrite;
  private final Duration patience;
  private @Nullable Jedis redis;

  /**
   * Connects when something is written.
   *
   * @param patience for how long a store that is down is tried again
   */
  RedisWriter(
      RedisConnection connection, FeatureGroup group, boolean overwrite, Duration patience) {
    this.connection = connection;
    this.group = group;
    this.schemaId = group.schemaId();
    this.overwrite = overwrite;
    this.patience = patience;
  }

  /** Whether the server answers and what it has of the group fits, without writing anything. */
  void check() {
    try (Jedis looking = connection.open()) {
      var unused = isDescribed(looking);
    } catch (JedisException e) {
      throw connection.failure(e);
    }
  }

  @Override
  public OnlineStore.Counts write(Collection<LatestRow> rows)
      throws IOException, InterruptedException {
    List<LatestRow> all = List.copyOf(rows);
    OnlineStore.Counts counts = OnlineStore.Counts.NONE;
    int done = 0;
    int attempts = 0; // since something was written
    BackOff pauses = Patience.pauses(patience);
    while (done < all.size()) {
      int end = Math.min(all.size(), done + ROWS_PER_STEP * STEPS_PER_TRIP);
      attempts++;
      try {
        counts = counts.plus(send(all.subList(done, end)));
        done = end;
        attempts = 0;
        pauses = Patience.pauses(patience);
      } catch (JedisException | FeatureStoreException e) {
        close();
        FeatureStoreException failure =
            e instanceof JedisException jedis
                ? connection.failure(jedis)
                : (FeatureStoreException) e;
        if (!failure.mayPass()) {
          throw failed(failure, "");
        }
        if (!BackOffUtils.next(Sleeper.DEFAULT, pauses)) {
          throw failed(failure, OnlineStore.triedInVain(attempts));
        }
        LOG.warn("{} (trying again)", failure.getMessage());
      }
    }
    return counts;
  }

  private IOException failed(FeatureStoreException failure, String more) {
    return new IOException(
        "Cannot write group '" + group.name() + "': " + failure.getMessage() + more, failure);
  }

  private OnlineStore.Counts send(List<LatestRow> rows) {
    if (redis == null) {
      redis = connection.open();
      describe(redis); // each time: a server that was down may have forgotten it
    }
    try {
      return send(rows, true);
    } catch (JedisNoScriptException e) {
      return send(rows, false);
    }
  }

  private OnlineStore.Counts send(List<LatestRow> rows, boolean byHash) {
    List<Response<Object>> answers = new ArrayList<>();
    Pipeline pipeline = redis.pipelined();
    for (int from = 0; from < rows.size(); from += ROWS_PER_STEP) {
      List<byte[]> keys = new ArrayList<>();
      List<byte[]> arguments = new ArrayList<>();
      for (LatestRow row : rows.subList(from, Math.min(rows.size(), from + ROWS_PER_STEP))) {
        keys.add(RedisLayout.key(group.name(), row.key()));
        arguments.add(RedisLayout.value(row, schemaId));
        arguments.add(expiry(row));
      }
      answers.add(
          byHash
              ? pipeline.evalsha(SCRIPT_HASH, keys, arguments)
              : pipeline.eval(SCRIPT, keys, arguments));
    }
    pipeline.sync();
    OnlineStore.Counts counts = OnlineStore.Counts.NONE;
    for (Response<Object> answer : answers) {
      List<?> numbers = (List<?>) answer.get();
      counts =
          counts.plus(
              new OnlineStore.Counts(
                  (Long) numbers.get(0), (Long) numbers.get(1), (Long) numbers.get(2)));
    }
    return counts;
  }

  /** Milliseconds since 1970; nothing for ever. */
  private static byte[] expiry(LatestRow row) {
    long end = row.expiresAt();
    return end == Long.MAX_VALUE
        ? NEVER
        : Long.toString(Math.max(1, Math.floorDiv(end, 1000L))).getBytes(StandardCharsets.US_ASCII);
  }

  /** Says in the store what its rows are, before the first of them. */
  private void describe(Jedis to) {
    if (!isDescribed(to)) {
      to.hset(RedisLayout.group(group.name()), RedisLayout.fields(group));
    }
  }

  /** Whether the store describes exactly this group; one that does not fit is refused. */
  private boolean isDescribed(Jedis to) {
    Map<String, String> fields = to.hgetAll(RedisLayout.group(group.name()));
    if (fields.isEmpty()) {
      return false;
    }
    FeatureGroup stored = RedisLayout.group(fields).current();
    if (!overwrite) {
      group.checkFollows(stored, "Redis at " + connection);
    }
    return stored.equals(group);
  }

  @Override
  public void close() {
    if (redis != null) {
      try {
        redis.close();
      } catch (JedisException e) {
        LOG.debug("Closing a broken connection", e);
      }
      redis = null;
    }
  }

  private static byte[] sha1(byte[] script) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(script))
          .getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
