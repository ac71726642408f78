package io.featurebeam.pipelines;

import io.featurebeam.io.file.publish.Publication;
import io.featurebeam.io.file.publish.Publisher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The outputs that a run takes over before it writes, and gives back without what it wrote if it
 * does not get to its end.
 *
 * <pre>{@code
 * try (OutputClaims claims = new OutputClaims(runId)) {
 *   claims.take(publication);
 *   ...                        // run
 *   claims.keep();
 * }
 * }</pre>
 */
final class OutputClaims implements AutoCloseable {

  /** How long nothing new must come; threads write a file in less. */
  private static final long QUIET_MILLIS = 100;

  /** What is published meanwhile has this time to end. */
  private static final long MAX_SECONDS = 10;

  private final String runId;
  private final List<Publisher> taken = new ArrayList<>();
  private boolean kept;

  OutputClaims(String runId) {
    this.runId = runId;
  }

  /** Finishes or undoes what a killed run left there, too. */
  void take(Publication publication) throws IOException {
    Publisher publisher = new Publisher(publication, runId);
    taken.add(publisher);
    publisher.claim();
  }

  /** The run has got to its end: what it wrote stays. */
  void keep() {
    kept = true;
  }

  /**
   * The same because the process ends, while its threads may write on: again until nothing new
   * comes.
   *
   * @return the outputs that were published before that
   */
  List<String> giveBack() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_SECONDS);
    do {
      close();
      Thread.sleep(QUIET_MILLIS);
    } while (!isSettled() && System.nanoTime() < deadline);
    List<String> published = new ArrayList<>();
    for (Publisher publisher : taken) {
      if (publisher.isPublished()) {
        published.add(publisher.path());
      }
    }
    return published;
  }

  private boolean isSettled() throws IOException {
    for (Publisher publisher : taken) {
      if (!publisher.isSettled()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    if (!kept) {
      for (Publisher publisher : taken) {
        publisher.abandon();
      }
    }
  }
}
