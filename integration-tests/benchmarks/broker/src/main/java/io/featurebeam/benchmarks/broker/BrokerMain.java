package io.featurebeam.benchmarks.broker;

import io.featurebeam.io.kafka.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Runs a broker with its data in a folder, {@code BrokerMain FOLDER}, until its standard input
 * ends, and so no longer than who started it. Says where it listens in a line of its own.
 */
public final class BrokerMain {
  private static final String PREFIX = "BROKER ";

  private BrokerMain() {}

  public static void main(String[] args) throws IOException {
    try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]))) {
      System.out.println(PREFIX + broker.servers());
      System.out.flush();
      while (System.in.read() >= 0) {
        // whatever it is
      }
    }
    System.exit(0);
  }
}
