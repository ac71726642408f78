package io.featurebeam.pipelines;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.FeatureStoreException;
import io.featurebeam.io.lookup.LatestRows;
import io.featurebeam.io.lookup.RedisConnection;
import io.featurebeam.io.redis.WriteRedis;
import io.featurebeam.pipelines.spec.RedisSink;
import java.util.List;

/** What a spec says of Redis as writing. */
final class RedisPlans {

  private RedisPlans() {}

  /**
   * The rows of a run in a store.
   *
   * @param features the columns that are stored for each key
   * @param own those that come from the event itself
   */
  static WriteRedis sink(
      RedisSink sink,
      String specName,
      String specHash,
      RecordSchema schema,
      String time,
      List<String> keys,
      List<String> features,
      List<String> own) {
    FeatureGroup group =
        FeatureGroup.of(sink.groupOr(specName), schema, keys, features)
            .withSpecHash(specHash)
            .withTtl(sink.ttlMicros());
    return WriteRedis.of(connection(sink), LatestRows.Plan.of(group, schema, time, own))
        .withOverwrite(sink.overwrite());
  }

  private static RedisConnection connection(RedisSink sink) {
    RedisConnection connection =
        RedisConnection.to(sink.server()).withDatabase((int) sink.database());
    RedisSink.Tls tls = sink.tls();
    if (tls != null) {
      connection =
          tls.truststore() == null
              ? connection.withTls()
              : connection.withTls(tls.truststore(), tls.password());
    }
    RedisSink.Login login = sink.login();
    return login == null ? connection : connection.withLogin(login.user(), login.password());
  }

  /** An error that can be told at a place in the spec. */
  static void check(WriteRedis write) {
    try {
      write.check();
    } catch (FeatureStoreException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Which part of the sink's section a message is about. */
  static String placeOf(String message) {
    if (message.startsWith("Cannot log in")) {
      return ".login";
    }
    if (message.startsWith("Invalid server")
        || message.startsWith("Cannot reach")
        || message.startsWith("Redis at")) {
      return ".server";
    }
    return message.startsWith("Invalid group") ? ".group" : "";
  }

  /** Whether the server answers. */
  static String look(RedisSink sink) {
    try {
      connection(sink).check();
      return "Redis at " + sink.server() + " answers";
    } catch (FeatureStoreException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Whether the facts of a run hold nothing against publishing. */
  static boolean isPublishable(Iterable<RecordBatch> facts) {
    RunFacts all = new RunFacts();
    facts.forEach(batch -> all.add(BatchCodec.encode(batch)));
    return all.objections().isEmpty();
  }
}
