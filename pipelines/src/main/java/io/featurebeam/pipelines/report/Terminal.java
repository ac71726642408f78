package io.featurebeam.pipelines.report;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The terminal that a person sits before, if there is one. */
public final class Terminal {

  /** The width of what is written to a file or a pipe. */
  static final int WIDTH = 100;

  private Terminal() {}

  /** Whether neither input nor output is redirected, nor the terminal dumb. */
  @SuppressWarnings("SystemConsoleNull") // asked below
  public static boolean isThere() {
    Console console = System.console();
    if (console == null || "dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    try { // From Java 22 on there is always a console, and this method to ask it.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  /** How many characters fit in a line. Java cannot tell, so {@code stty} is asked. */
  public static int width() {
    return isThere() ? width("stty", "size") : WIDTH;
  }

  /** The second number that a command says; the usual width if it does not. */
  static int width(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      boolean ended = process.waitFor(1, TimeUnit.SECONDS);
      return ended && said.strip().matches("\\d+ [1-9]\\d{1,3}")
          ? Integer.parseInt(said.strip().split(" ", 2)[1])
          : WIDTH;
    } catch (IOException e) { // no such command here
      return WIDTH;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return WIDTH;
    }
  }
}
