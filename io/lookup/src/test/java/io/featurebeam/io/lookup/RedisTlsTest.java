package io.featurebeam.io.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate for 127.0.0.1. */
class RedisTlsTest {

  private static final String PASSWORD = "trust-secret";

  private static EmbeddedRedis redis;
  private static int port;
  private static Path truststore;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    Path keys = folder.resolve("keys.p12");
    keytool(keys);
    KeyStore own = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      own.load(in, PASSWORD.toCharArray());
    }
    Certificate certificate = own.getCertificate("redis");
    Path cert = pem(folder.resolve("cert.pem"), "CERTIFICATE", certificate.getEncoded());
    Path key =
        pem(
            folder.resolve("key.pem"),
            "PRIVATE KEY",
            own.getKey("redis", PASSWORD.toCharArray()).getEncoded());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("redis", certificate);
    truststore = folder.resolve("trust.p12");
    try (OutputStream out = Files.newOutputStream(truststore)) {
      trusted.store(out, PASSWORD.toCharArray());
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    redis =
        EmbeddedRedis.started(
            "tls-port " + port,
            "tls-cert-file " + cert,
            "tls-key-file " + key,
            "tls-ca-cert-file " + cert,
            "tls-auth-clients no");
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static void keytool(Path keys) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "redis",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=redis",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, keytool.waitFor(), said);
  }

  private static Path pem(Path file, String what, byte[] content) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n");
  }

  @Test
  void aServerOfATrustedCertificateIsRead() {
    RedisConnection to =
        RedisConnection.to("127.0.0.1:" + port).withTls(truststore.toString(), PASSWORD);
    try (RedisStore store = RedisStore.at(to);
        var client = to.open()) {
      assertEquals("PONG", client.ping());
      assertEquals(null, store.group("nothing"));
    }
  }

  @Test
  void aCertificateThatNobodyTrustsIsRefused() {
    String message =
        assertThrows(
                FeatureStoreException.class,
                () -> RedisConnection.to("127.0.0.1:" + port).withTls().open())
            .getMessage();
    assertTrue(message.startsWith("Cannot reach Redis at 127.0.0.1:" + port + ": "), message);
    assertTrue(message.contains("certification path"), message);
  }

  @Test
  void aNameThatIsNotInTheCertificateIsRefused() {
    String message =
        assertThrows(
                FeatureStoreException.class,
                () ->
                    RedisConnection.to("localhost:" + port)
                        .withTls(truststore.toString(), PASSWORD)
                        .open())
            .getMessage();
    assertTrue(message.contains("localhost"), message);
  }

  @Test
  void aTruststoreThatIsNotThereIsTold() {
    assertEquals(
        "Cannot read the truststore nowhere.p12: nowhere.p12",
        assertThrows(
                FeatureStoreException.class,
                () ->
                    RedisConnection.to("127.0.0.1:" + port).withTls("nowhere.p12", PASSWORD).open())
            .getMessage());
  }
}
