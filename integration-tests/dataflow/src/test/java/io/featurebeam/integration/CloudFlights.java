package io.featurebeam.integration;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;

/** The bundled example in the stub's bucket: its data, and its spec with secrets in it. */
final class CloudFlights {

  static final String SECRET = System.getenv("FEATUREBEAM_SECRET");
  static final String SECRET_SEED = System.getenv("FEATUREBEAM_SECRET_SEED");

  static final String SPEC = "gs://a-bucket/specs/flights.yaml";

  /** As a template takes several overrides: in one parameter. */
  static final String OVERRIDES =
      "--set={\"source.parquet.path\": \"gs://a-bucket/flights/*.parquet\", \"sink.parquet.path\":"
          + " \"gs://a-bucket/out/features\", \"rejects.path\": \"gs://a-bucket/out/rejects\","
          + " \"report.path\": \"gs://a-bucket/out/report.html\"}";

  static final String CREDENTIALS = "--credentialFactoryClass=";

  private static final String HASH =
      """
      features:
        bucket:
          hash: destination
          buckets: 8
          seed: ${FEATUREBEAM_SECRET_SEED}
      """;

  private CloudFlights() {}

  /** The example, with values from the environment and a masked column. */
  static String secretive() throws IOException {
    return Files.readString(Flights.folder().resolve("flights.yaml"))
            .replace("\"[A-Z]{3}\"", "\"${FEATUREBEAM_SECRET}\"")
            .replace("features:\n  log", HASH + "  log")
        + "mask: [destination]\n";
  }

  static void lay(StubStorage bucket) throws IOException {
    bucket.put("specs/flights.yaml", secretive().getBytes(StandardCharsets.UTF_8));
    try (Stream<Path> files = Files.list(Flights.folder().resolve("data"))) {
      for (Path file : files.toList()) {
        bucket.put("flights/" + file.getFileName(), Files.readAllBytes(file));
      }
    }
  }

  /** In the place of the job jar, which is all that is on a launcher's class path. */
  static Path jar(Path folder) throws IOException {
    Path jar = folder.resolve("featurebeam-dataflow.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new JarEntry("empty.txt"));
    }
    return jar;
  }

  /** With credentials that nobody looks at, unless the arguments say which. */
  static Job.Result run(StubCloud cloud, String... args) {
    List<String> all = new ArrayList<>(List.of(cloud.args()));
    all.addAll(List.of(args));
    if (all.stream().noneMatch(arg -> arg.startsWith(CREDENTIALS))) {
      all.add(CREDENTIALS + NoopCredentialFactory.class.getName());
    }
    return Job.run(all);
  }
}
