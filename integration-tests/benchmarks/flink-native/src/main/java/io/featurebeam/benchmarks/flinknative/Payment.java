package io.featurebeam.benchmarks.flinknative;

/** An event as it travels between tasks: what the features and the rows need of the message. */
final class Payment {
  static final String[] CHANNELS = {"pos", "web", "app", "atm"};
  static final byte WEB = 1;

  long id;
  String card = "";

  /** Microseconds since 1970. */
  long paidAt;

  double amount;
  byte channel;

  static byte channel(String name) {
    for (byte i = 0; i < CHANNELS.length; i++) {
      if (CHANNELS[i].equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("Unknown channel: " + name);
  }
}
