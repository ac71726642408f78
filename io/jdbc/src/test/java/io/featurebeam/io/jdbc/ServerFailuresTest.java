package io.featurebeam.io.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.io.lookup.FeatureGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writers and servers that die in mid-write. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ServerFailuresTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static PostgresServer server;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    server = PostgresServer.start(folder.resolve("pg"));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void aServerThatRestartsInMidWriteIsWaitedFor() throws Exception {
    FeatureGroup group = Cards.group("restarted");
    CountDownLatch begun = new CountDownLatch(3);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (TableWriter writer = Cards.writer(Cards.access(server), group, PATIENCE)) {
      CountDownLatch restarted = new CountDownLatch(1);
      Future<Long> last =
          thread.submit(
              () -> {
                long time = 0;
                while (restarted.getCount() > 0) {
                  writer.write(Cards.rows(group, 100, ++time));
                  begun.countDown();
                }
                writer.write(Cards.rows(group, 100, ++time));
                return time;
              });
      begun.await();
      server.restart();
      restarted.countDown();
      assertEquals(
          List.of("100|" + last.get() + "|" + last.get()),
          server.query("SELECT count(*), min(spent), max(spent) FROM restarted"));
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void aConnectionThatIsCutIsMadeAnew() throws Exception {
    FeatureGroup group = Cards.group("cut");
    try (TableWriter writer = Cards.writer(Cards.access(server), group, PATIENCE)) {
      writer.write(Cards.rows(group, 10, 1));
      server.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
              + " 'featurebeam'");
      writer.write(Cards.rows(group, 10, 2));
    }
    assertEquals(List.of("10|2"), server.query("SELECT count(*), min(spent) FROM cut"));
  }

  @Test
  void aServerThatStaysAwayFailsTheWriteAfterSomeAttempts() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    String url = "jdbc:postgresql://127.0.0.1:" + nobody + "/postgres";
    FeatureGroup group = Cards.group("away");
    try (TableWriter writer =
        Cards.writer(JdbcAccess.of(url, "postgres", "hunter2"), group, Duration.ofMillis(300))) {
      String message =
          assertThrows(IOException.class, () -> writer.write(Cards.rows(group, 1, 1))).getMessage();
      assertTrue(
          message.matches(
              "Cannot reach "
                  + url
                  + ": Connection to 127.0.0.1:"
                  + nobody
                  + " refused\\. .*, writing table 'public\\.away', after [2-9] attempts \\(run again"
                  + " when it answers: rows that are there stay, and none counts twice\\)"),
          message);
    }
  }

  @Test
  void aWriteThatWasNotCommittedLeavesNothing()
      throws SQLException, IOException, InterruptedException {
    FeatureGroup group = Cards.group("uncommitted");
    try (TableWriter writer = Cards.writer(Cards.access(server), group, PATIENCE)) {
      writer.write(Cards.rows(group, 3, 1));
      Connection dying = server.connect();
      dying.setAutoCommit(false);
      try (Statement statement = dying.createStatement()) {
        statement.execute("UPDATE uncommitted SET spent = 9, version = 'f'");
      }
      dying.abort(Runnable::run); // holds locks until the server notices
      writer.write(Cards.rows(group, 3, 2));
    }
    assertEquals(
        List.of("3|2|2"), server.query("SELECT count(*), min(spent), max(spent) FROM uncommitted"));
  }

  /** Writes for ever, ever newer rows. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws IOException, InterruptedException {
      FeatureGroup group = Cards.group("killed");
      try (TableWriter writer =
          Cards.writer(JdbcAccess.of(args[0], "postgres", null), group, PATIENCE)) {
        for (long time = 1; ; time++) {
          writer.write(Cards.rows(group, 5000, time));
          System.out.println(time);
        }
      }
    }
  }

  @Test
  void aWriterThatIsKilledLeavesWholeBatchesAndAnotherGoesOn() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                server.url())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = child.inputReader()) {
      assertEquals("1", lines.readLine());
      assertEquals("2", lines.readLine());
    }
    child.destroyForcibly().waitFor();
    assertEquals(
        List.of("5000|5000"),
        server.query("SELECT count(*), count(*) FILTER (WHERE spent >= 2) FROM killed"));
    FeatureGroup group = Cards.group("killed");
    try (TableWriter writer = Cards.writer(Cards.access(server), group, PATIENCE)) {
      writer.write(Cards.rows(group, 5000, 1)); // a retry of what was written
      writer.write(Cards.rows(group, 5000, 1_000_000));
    }
    assertEquals(List.of("5000|1000000"), server.query("SELECT count(*), min(spent) FROM killed"));
  }

  @Test
  void writersSideBySideWaitForEachOtherAndNeverInACircle() throws Exception {
    FeatureGroup group = Cards.group("side_by_side");
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<Void>> done =
          threads.invokeAll(
              List.of(5L, 6L, 7L).stream()
                  .map(
                      first ->
                          (java.util.concurrent.Callable<Void>)
                              () -> {
                                try (TableWriter writer =
                                    Cards.writer(Cards.access(server), group, PATIENCE)) {
                                  for (long i = 0; i < 10; i++) { // ups and downs
                                    writer.write(Cards.rows(group, 500, first * (i % 4)));
                                  }
                                }
                                return null;
                              })
                  .toList());
      for (Future<Void> each : done) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(
        List.of("500|21|21"),
        server.query("SELECT count(*), min(spent), max(spent) FROM side_by_side"));
    assertEquals(
        List.of("0"),
        server.query("SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'"));
  }
}
