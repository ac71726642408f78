package io.featurebeam.io.file.publish;

import io.featurebeam.io.file.publish.Journal.Move;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a run's files the output, all at once.
 *
 * <pre>{@code
 * Publisher publisher = new Publisher(publication, runId);
 * publisher.claim();                                  // when the run begins
 * PublishOutcome outcome = publisher.publish(files);  // when all files are complete
 * }</pre>
 *
 * <p><b>The steps.</b> Finish or undo what a killed run left; write the journal; move the files to
 * new names; replace the manifest, which is the moment of truth; delete the replaced files; delete
 * what is temporary and last the journal. Every step may be done twice. After a crash before the
 * journal the old output stands; after one behind it the next run, or {@link #recover}, goes on
 * where it stopped, or undoes the moves if temporary files are gone.
 *
 * <p><b>Two runs at once.</b> The last run to claim an output owns it. An older one, even one
 * thought dead, finds at the end that the claim is not its own, deletes its temporary files and
 * fails; nothing is mixed. The claim is read before anything is moved, not locked, for object
 * stores have no locks: a run that is claimed, written and published while an older one moves its
 * files may lose to it, and one that claims at the moment in which an older one deletes its own
 * claim fails and must run again.
 *
 * <p><b>Errors.</b> An {@link IOException} names the output, the run and the way out.
 *
 * <p>A crash here means the process; nothing is forced to disk against a loss of power.
 */
public final class Publisher {

  private final Publication publication;
  private final OutputFolder output;
  private final String runId;
  private final Clock clock;
  private final Recovery.StepHook hook;
  private final Recovery recovery;

  public Publisher(Publication publication, String runId) {
    this(publication, runId, Clock.systemUTC(), step -> {});
  }

  Publisher(Publication publication, String runId, Clock clock, Recovery.StepHook hook) {
    checkRunId(runId);
    this.publication = publication;
    this.output = publication.output();
    this.runId = runId;
    this.clock = clock;
    this.hook = hook;
    this.recovery = new Recovery(output, hook);
  }

  /** Refuses what cannot be part of a file's name: ids are ASCII letters, digits, - and _. */
  public static void checkRunId(String runId) {
    if (!runId.matches("[A-Za-z0-9_-]+")) {
      throw new IllegalArgumentException(
          "Invalid run id: '" + runId + "' (must be ASCII letters, digits, - and _)");
    }
  }

  /**
   * Takes the output over from any run that claimed it before; again by the same run is the same.
   */
  public void claim() throws IOException {
    hook.before("claim");
    try {
      output.writeJson(OutputFolder.CLAIM, new Recovery.Claim(runId, now()));
    } catch (IOException e) {
      throw failed(
          "nothing is changed; free space or choose another output path, and run again", e);
    }
  }

  /**
   * Publishes complete files; with none at all the output, or the range, becomes empty. Calling it
   * again after it succeeded changes nothing.
   */
  public PublishOutcome publish(List<WrittenFile> files) throws IOException {
    Optional<Manifest> old = output.manifest();
    if (isOurs(old)) {
      return again(old.get());
    }
    checkClaim();
    Optional<Journal> finished = recovery.recover();
    if (finished.isPresent() && finished.get().runId().equals(runId)) {
      return outcome(finished.get().manifest());
    }
    old = output.manifest();
    checkComplete(files);
    publication.checkFits(old);
    OutputCheck.check(output, publication.overwrite(), publication.spec());
    Journal journal = new Plan(publication, runId, now()).journal(files, old);
    try {
      hook.before("journal");
      output.writeJson(OutputFolder.JOURNAL, journal);
      recovery.move(journal.moves());
      if (!isOurs(output.journal())) {
        checkFinishedByOther(journal);
      } else {
        recovery.complete(journal);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw failed("free space or make the folder writable, and run again, which puts it right", e);
    }
    return outcome(journal.manifest());
  }

  /** It is published, by an attempt whose result was lost, perhaps in a crash. */
  private PublishOutcome again(Manifest published) throws IOException {
    Journal journal = output.journal();
    if (journal == null) {
      recovery.cleanUp(runId);
    } else if (isOurs(journal)) {
      recovery.complete(journal);
    } // else a newer run is at work and cleans up
    return outcome(published);
  }

  /**
   * A newer run found the journal while this one moved files: it finished the moves or undid them.
   */
  private void checkFinishedByOther(Journal journal) throws IOException {
    Optional<Manifest> now = output.manifest();
    Set<String> published = new HashSet<>();
    now.ifPresent(m -> m.files().forEach(f -> published.add(f.path())));
    List<String> moved = journal.moves().stream().map(Move::to).toList();
    if (isOurs(now) || (!moved.isEmpty() && published.containsAll(moved))) {
      return;
    }
    output.delete(moved.stream().filter(f -> !published.contains(f)).toList());
    throw new IOException("a newer run took the output over; nothing of this run is published");
  }

  private boolean isOurs(Optional<Manifest> manifest) {
    return manifest.map(m -> m.runId().equals(runId)).orElse(false);
  }

  private boolean isOurs(@Nullable Journal journal) {
    return journal != null && journal.runId().equals(runId);
  }

  private IOException failed(String wayOut, Exception cause) {
    return new IOException(
        "Cannot publish run "
            + runId
            + " to "
            + output
            + ": "
            + cause.getMessage()
            + " ("
            + wayOut
            + ")",
        cause);
  }

  /** Leaves the output as it is and deletes what the run wrote. */
  public PublishOutcome withhold(List<String> reasons) throws IOException {
    Recovery.Claim claim = recovery.claim();
    if (claim == null || claim.runId().equals(runId)) {
      recovery.recover();
      recovery.cleanUp(runId);
    } else {
      deleteOwnFiles();
    }
    return new PublishOutcome(output.path(), runId, false, 0, 0, 0, reasons);
  }

  /**
   * Finishes or undoes what a killed run left in a folder, and deletes its temporary files. No run
   * may be writing there; a run does the same by itself before it publishes.
   */
  public static void recover(String path) throws IOException {
    OutputFolder output = OutputFolder.of(path);
    Recovery recovery = new Recovery(output, step -> {});
    recovery.recover();
    output.delete(List.of(OutputFolder.CLAIM));
    recovery.cleanUp("");
  }

  private void checkClaim() throws IOException {
    Recovery.Claim claim = recovery.claim();
    if (claim != null && claim.runId().equals(runId)) {
      return;
    }
    deleteOwnFiles();
    throw new IOException(
        "Cannot publish run "
            + runId
            + " to "
            + output
            + ": "
            + (claim == null
                ? "another run has published there since this one began"
                : "run " + claim.runId() + " claimed it at " + claim.claimed())
            + "; nothing of this run is published (let one run at a time write there)");
  }

  private void deleteOwnFiles() throws IOException {
    output.delete(output.list(OutputFolder.TEMP + runId + "/").keySet());
  }

  /** A file that is gone or cut short must not be published. */
  private void checkComplete(List<WrittenFile> files) throws IOException {
    Map<String, Long> there = output.list(OutputFolder.TEMP + runId + "/");
    for (WrittenFile file : files) {
      Long length = there.get(file.tempPath());
      if (length == null || length != file.bytes()) {
        throw new IOException(
            "Cannot publish run "
                + runId
                + " to "
                + output
                + ": temporary file "
                + file.tempPath()
                + (length == null
                    ? " is missing"
                    : " has " + length + " bytes (must have " + file.bytes() + ")")
                + "; the old output stands, run again");
      }
    }
  }

  private PublishOutcome outcome(Manifest manifest) {
    List<PublishedFile> own =
        manifest.files().stream().filter(f -> Plan.runOf(f.path()).equals(runId)).toList();
    return new PublishOutcome(
        output.path(),
        runId,
        true,
        own.size(),
        own.stream().mapToLong(PublishedFile::rows).sum(),
        own.stream().mapToLong(PublishedFile::bytes).sum(),
        List.of());
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
