package io.featurebeam.pipelines.cli;

import io.featurebeam.pipelines.spec.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code System.out} and {@code System.err} while a command runs, which show variables in the place
 * of what came from the environment, whoever prints: the command, a runner, a logger with a stack
 * trace.
 *
 * <pre>{@code
 * try (Console console = Console.open()) {
 *   console.hide(spec.secrets());
 *   ...
 * }
 * }</pre>
 */
public final class Console implements AutoCloseable, Cli.Context {

  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final AtomicReference<Secrets> secrets = new AtomicReference<>(Secrets.NONE);
  private final AtomicBoolean interrupted = new AtomicBoolean();

  private Console() {
    System.setOut(hiding(out));
    System.setErr(hiding(err));
  }

  /** Takes the place of both streams until it is closed. */
  public static Console open() {
    return new Console();
  }

  /** From now on nothing shows these values. */
  @Override
  public void hide(Secrets newSecrets) {
    secrets.set(newSecrets);
  }

  @Override
  public void interrupted() {
    interrupted.set(true);
  }

  boolean isInterrupted() {
    return interrupted.get();
  }

  String hidden(String text) {
    return secrets.get().redact(text);
  }

  @Override
  public void close() {
    System.out.flush();
    System.err.flush();
    System.setOut(out);
    System.setErr(err);
  }

  private PrintStream hiding(PrintStream shown) {
    return new PrintStream(new Lines(shown), false, StandardCharsets.UTF_8);
  }

  /** Holds text back until its line ends or it is flushed, so that a value is seen as a whole. */
  private final class Lines extends OutputStream {
    private final PrintStream shown;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    Lines(PrintStream shown) {
      this.shown = shown;
    }

    @Override
    public synchronized void write(int b) {
      held.write(b);
      if (b == '\n') {
        flush();
      }
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) {
      held.write(bytes, from, count);
      if (count > 0 && bytes[from + count - 1] == '\n') {
        flush();
      }
    }

    @Override
    public synchronized void flush() {
      shown.print(hidden(held.toString(StandardCharsets.UTF_8)));
      shown.flush();
      held.reset();
    }
  }
}
