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
 * <p><b>The steps.</b> To claim: write the claim, finish or undo what a killed run left, delete its
 * temporary files. To publish: write the journal; move the files to new names; replace the
 * manifest, which is the moment of truth; delete the replaced files; delete what is temporary and
 * last the journal. Every step may be done twice. After a crash before the journal the old output
 * stands; after one behind it the next run, or {@link #recover}, goes on where it stopped, or
 * undoes the moves if temporary files are gone.
 *
 * <p><b>Two runs at once.</b> The last run to claim an output owns it and deletes the temporary
 * files of an older one. That one, even if it was thought dead, finds at the end that the claim is
 * not its own and fails; nothing is mixed. The claim is read before and after files are moved, not
 * locked, for object stores have no locks: a run that is claimed, written and published while an
 * older one moves its files may lose to it, and one that claims at the moment in which an older one
 * deletes its own claim fails and must run again.
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
   * Takes the output over from any run that claimed it before: finishes or undoes what a killed one
   * left and deletes its temporary files, which may be in the way of new ones. Again by the same
   * run is the same.
   */
  public void claim() throws IOException {
    hook.before("claim");
    try {
      output.writeJson(OutputFolder.CLAIM, new Recovery.Claim(runId, now()));
    } catch (IOException e) {
      throw new IOException(
          "Cannot write to output path: "
              + output
              + " ("
              + e.getMessage()
              + "; nothing is changed: free space, make it writable or choose another path, and run"
              + " again)",
          e);
    }
    recovery.recover();
    recovery.deleteLeftovers(runId);
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
    attempt(
        () -> {
          hook.before("journal");
          output.writeJson(OutputFolder.JOURNAL, journal);
        });
    move(journal);
    if (isOurs(output.journal())) {
      checkNotDeletedByOther(journal);
      attempt(() -> recovery.complete(journal));
    } else {
      checkFinishedByOther(journal);
    }
    return outcome(journal.manifest());
  }

  private void move(Journal journal) throws IOException {
    try {
      recovery.move(journal.moves());
    } catch (IOException | IllegalArgumentException e) {
      if (isOurs(output.journal())) {
        throw failed(e);
      } // else a newer run has moved them or undone it
    }
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
    throw overtaken();
  }

  /**
   * A newer run that found no journal when it claimed deletes what it takes for leftovers, maybe
   * before they are moved.
   */
  private void checkNotDeletedByOther(Journal journal) throws IOException {
    if (isOurs(recovery.claim())) {
      return;
    }
    Set<String> there = output.list("").keySet();
    if (!journal.moves().stream().allMatch(move -> there.contains(move.to()))) {
      recovery.undo(journal);
      throw overtaken();
    }
  }

  private boolean isOurs(Optional<Manifest> manifest) {
    return manifest.map(m -> m.runId().equals(runId)).orElse(false);
  }

  private boolean isOurs(@Nullable Journal journal) {
    return journal != null && journal.runId().equals(runId);
  }

  private boolean isOurs(Recovery.@Nullable Claim claim) {
    return claim != null && claim.runId().equals(runId);
  }

  private IOException overtaken() {
    return new IOException(
        "Cannot publish run "
            + runId
            + " to "
            + output
            + ": a newer run took the output over; nothing of this run is published (let one run at a"
            + " time write there)");
  }

  private interface Step {
    void take() throws IOException;
  }

  private void attempt(Step step) throws IOException {
    try {
      step.take();
    } catch (IOException | IllegalArgumentException e) {
      throw failed(e);
    }
  }

  private IOException failed(Exception cause) {
    return new IOException(
        "Cannot publish run "
            + runId
            + " to "
            + output
            + ": "
            + cause.getMessage()
            + " (free space or make the folder writable, and run again, which puts it right)",
        cause);
  }

  /** Leaves the output as it is and deletes what the run wrote. */
  public PublishOutcome withhold(List<String> reasons) throws IOException {
    Recovery.Claim claim = recovery.claim();
    if (claim == null || isOurs(claim)) {
      recovery.recover();
      recovery.cleanUp(runId);
    } else {
      deleteOwnFiles();
    }
    return new PublishOutcome(output.path(), runId, false, 0, 0, 0, reasons);
  }

  /**
   * After a failure: deletes what the run wrote and its claim, so that they fill no disk. A publish
   * that had begun is left to the next run, which finishes or undoes it.
   */
  public void abandon() throws IOException {
    AbandonedRuns.add(runId);
    if (!isOurs(output.journal())) {
      var unused = withhold(List.of());
    }
  }

  /** Whether nothing of the run lies there but what it published, if it did. */
  public boolean isSettled() throws IOException {
    return !isOurs(output.journal()) && output.list(OutputFolder.TEMP + runId + "/").isEmpty();
  }

  /** Where to. */
  public String path() {
    return output.path();
  }

  /** Whether the output is this run's. */
  public boolean isPublished() throws IOException {
    return isOurs(output.manifest());
  }

  /**
   * Finishes or undoes what a killed run left in a folder, and deletes its temporary files. No run
   * may be writing there; a run does the same by itself when it claims.
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
    if (isOurs(claim)) {
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
    Manifest own = manifest.ofRun(runId);
    return new PublishOutcome(
        output.path(), runId, true, own.files().size(), own.rows(), own.bytes(), List.of());
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
