package io.featurebeam.pipelines;

import io.featurebeam.io.file.publish.Publication;
import io.featurebeam.io.file.publish.Publisher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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

  @Override
  public void close() throws IOException {
    if (!kept) {
      for (Publisher publisher : taken) {
        publisher.abandon();
      }
    }
  }
}
