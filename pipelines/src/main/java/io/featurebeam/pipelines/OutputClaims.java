package io.featurebeam.pipelines;

import io.featurebeam.io.file.publish.Publication;
import io.featurebeam.io.file.publish.Publisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

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

  /**
   * The folder, with a slash at its end, for what a worker tells the process that waits: beside an
   * output, which all of them reach, so that the next run deletes what a killed one left.
   */
  String notes() {
    return taken.isEmpty() ? ownNotes() + "/" : taken.get(0).notes();
  }

  void deleteNotes() throws IOException {
    if (!taken.isEmpty()) {
      taken.get(0).deleteNotes();
      return;
    }
    try (Stream<Path> files = Files.walk(ownNotes())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private Path ownNotes() {
    return Path.of(System.getProperty("java.io.tmpdir"), "featurebeam-" + runId);
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
