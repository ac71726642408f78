package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.FeatureStoreException;
import io.featurebeam.io.lookup.LatestRows;
import io.featurebeam.io.lookup.RedisConnection;
import io.featurebeam.io.redis.WriteRedis;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.RedisSink;
import io.featurebeam.pipelines.spec.SinkSpec;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/** A group of features in Redis. */
record RedisPlans(PipelineSpec spec, SinkSpec sink, RedisSink redis) implements StorePlans {

  @Override
  public String place() {
    return "redis " + redis.groupOr(spec.name());
  }

  @Override
  public long ttlMicros() {
    return redis.ttlMicros();
  }

  @Override
  public PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> write(
      Rows rows, boolean handsOn) {
    WriteRedis write = write(rows);
    return (handsOn ? write.handingOn() : write).unchecked();
  }

  private WriteRedis write(Rows rows) {
    FeatureGroup group = rows.group(redis.groupOr(spec.name()), redis.ttlMicros());
    WriteRedis write =
        WriteRedis.of(
                connection(),
                LatestRows.Plan.of(group, rows.schema(), rows.eventTime(), rows.own()))
            .withOverwrite(redis.overwrite());
    return sink.where() == null ? write : write.withWhere(sink.where());
  }

  private RedisConnection connection() {
    RedisConnection connection =
        RedisConnection.to(redis.server()).withDatabase((int) redis.database());
    RedisSink.Tls tls = redis.tls();
    if (tls != null) {
      connection =
          tls.truststore() == null
              ? connection.withTls()
              : connection.withTls(tls.truststore(), tls.password());
    }
    RedisSink.Login login = redis.login();
    return login == null ? connection : connection.withLogin(login.user(), login.password());
  }

  @Override
  public void check(Rows rows) {
    try {
      write(rows).check();
    } catch (FeatureStoreException e) { // an error that can be told at a place in the spec
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public String look() {
    try {
      connection().check();
      return "Redis at " + redis.server() + " answers";
    } catch (FeatureStoreException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public String placeOf(String message) {
    if (message.startsWith("Cannot log in") || message.startsWith("No right")) {
      return ".login";
    }
    if (message.startsWith("Invalid server")
        || message.startsWith("Cannot reach")
        || message.startsWith("Redis at")) {
      return ".server";
    }
    return message.startsWith("Invalid group") ? ".group" : "";
  }
}
