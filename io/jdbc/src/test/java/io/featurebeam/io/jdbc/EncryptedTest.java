package io.featurebeam.io.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that takes nobody in clear. */
class EncryptedTest {

  private static final String PASSWORD = "secret-of-the-store";

  private static PostgresServer server;
  private static Path certificate;
  private static Path another;

  @BeforeAll
  static void start(@TempDir Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve("server.p12");
    certificate = certificate(store);
    another = certificate(folder.resolve("another.p12"));
    Path key = folder.resolve("server.key");
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, privateKey(store));
    server =
        PostgresServer.start(
            folder.resolve("pg"),
            Map.of(
                "ssl", "on",
                "ssl_cert_file", certificate.toString(),
                "ssl_key_file", key.toString()),
            "hostssl all all 127.0.0.1/32 trust");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  /** Of a new key in a store, for this machine. */
  private static Path certificate(Path store) throws IOException, InterruptedException {
    keytool(
        store,
        "-genkeypair",
        "-keyalg",
        "RSA",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "SAN=ip:127.0.0.1");
    Path file = store.resolveSibling(store.getFileName() + ".crt");
    keytool(store, "-exportcert", "-rfc", "-file", file.toString());
    return file;
  }

  private static String privateKey(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    byte[] key = keys.getKey("server", PASSWORD.toCharArray()).getEncoded();
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static void keytool(Path store, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-alias",
            "server",
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  private static JdbcAccess access(String settings) {
    return JdbcAccess.of(server.url() + "?" + settings, "postgres", null);
  }

  @Test
  void aServerWhoseCertificateIsTrustedIsTalkedToInCipher() throws SQLException {
    try (Connection connection = access("sslmode=verify-full&sslrootcert=" + certificate).open();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
      assertTrue(rows.next());
      assertTrue(rows.getBoolean(1));
    }
  }

  @Test
  void anotherCertificateIsRefused() {
    String message = refusal("sslmode=verify-full&sslrootcert=" + another);

    assertTrue(message.startsWith("Cannot reach " + server.url() + ": SSL error: "), message);
  }

  @Test
  void inClearNobodyIsLetIn() {
    String message = refusal("sslmode=disable");

    assertTrue(
        message.startsWith(
            "Cannot log in to " + server.url() + " as 'postgres': FATAL: no pg_hba.conf entry"),
        message);
  }

  private static String refusal(String settings) {
    return assertThrows(IllegalArgumentException.class, () -> access(settings).check())
        .getMessage();
  }
}
