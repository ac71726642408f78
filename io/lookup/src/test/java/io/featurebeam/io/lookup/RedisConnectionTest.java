package io.featurebeam.io.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.exceptions.JedisDataException;

class RedisConnectionTest {

  @Test
  void defaultsAreInClearWithoutLogin() {
    assertEquals(
        new RedisConnection("redis:6379", null, null, false, null, null, 0, Duration.ofSeconds(2)),
        RedisConnection.to("redis:6379"));
  }

  @Test
  void secretsAreNotPrinted() {
    assertEquals(
        "redis:6379",
        RedisConnection.to("redis:6379")
            .withTls("trust.p12", "trust-secret")
            .withLogin("user", "secret")
            .toString());
  }

  @Test
  void aServerThatRepeatsThePasswordIsRedacted() {
    assertEquals(
        "Redis at redis:6379 refuses: ERR unknown command 'AUTH' with args '***'",
        RedisConnection.to("redis:6379")
            .withLogin(null, "secret")
            .failure(new JedisDataException("ERR unknown command 'AUTH' with args 'secret'"))
            .getMessage());
  }

  @Test
  void whatIsOverSoonMayPass() {
    RedisConnection redis = RedisConnection.to("redis:6379");
    assertEquals(true, redis.failure(new JedisDataException("LOADING Redis is loading")).mayPass());
    assertEquals(
        true,
        redis
            .failure(
                new JedisDataException("ERR Error running script: @user_script: -READONLY You"))
            .mayPass());
    assertEquals(
        false, redis.failure(new JedisDataException("WRONGTYPE Operation against")).mayPass());
  }

  @Test
  void aServerThatIsNoRedisIsToldAndNotWaitedFor() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + other.getLocalPort();
      CompletableFuture<Void> answer =
          CompletableFuture.runAsync(
              () -> {
                try (Socket client = other.accept()) {
                  client.getOutputStream().write("<!DOCTYPE HTML>\n".getBytes(UTF_8));
                  client.getInputStream().readAllBytes();
                } catch (IOException e) {
                  // the client hangs up
                }
              });
      FeatureStoreException refused =
          assertThrows(FeatureStoreException.class, () -> RedisConnection.to(address).check());
      assertEquals(
          "Cannot reach Redis at " + address + ": what answers there is no Redis server",
          refused.getMessage());
      assertEquals(false, refused.mayPass());
      answer.join();
    }
  }

  @Test
  void whatIsNoServerIsRefusedWithoutRepeatingIt() {
    for (String wrong : new String[] {"", "redis", "redis://user:secret@redis:6379", "redis:x"}) {
      assertEquals(
          "Invalid server: must be host:port, such as redis:6379",
          assertThrows(IllegalArgumentException.class, () -> RedisConnection.to(wrong))
              .getMessage());
    }
    assertEquals(
        "Invalid database: -1 (must be >= 0)",
        assertThrows(
                IllegalArgumentException.class,
                () -> RedisConnection.to("redis:6379").withDatabase(-1))
            .getMessage());
  }
}
