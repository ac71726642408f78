package io.featurebeam.io.file.publish;

import io.featurebeam.io.file.publish.Journal.Move;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
 * <p><b>The steps.</b> Finish or undo what a killed run left; write the journal; move the files to new
 * names; replace the manifest, which is the moment of truth; delete the replaced files; delete what is
 * temporary and last the journal. Every step may be done twice. After a crash before the journal the old
 * output stands; after one behind it the next run, or {@link #recover}, goes on where it stopped, or undoes
 * the moves if temporary files are gone.
 *
 * <p><b>Two runs at once.</b> The last run to claim an output owns it. An older one, even one thought
 * dead, finds at the end that the claim is not its own, deletes its temporary files and fails; nothing is
 * mixed. The claim is read before anything is moved, not locked, for object stores have no locks: a run that
 * is claimed, written and published while an older one moves its files may lose to it.
 *
 * <p>A crash here means the process; nothing is forced to disk against a loss of power.
 */
public final class Publisher {

  /** Called before each step that changes files; a test stops the process in it. */
  interface StepHook {
    void before(String step);
  }

  /** Who owns the output. */
  record Claim(String runId, String claimed) {}

  private final Publication publication;
  private final OutputFolder output;
  private final String runId;
  private final Clock clock;
  private final StepHook hook;

  public Publisher(Publication publication, String runId) {
    this(publication, runId, Clock.systemUTC(), step -> {});
  }

  Publisher(Publication publication, String runId, Clock clock, StepHook hook) {
    if (!runId.matches("[A-Za-z0-9_-]+")) {
      throw new IllegalArgumentException(
          "Invalid run id: '" + runId + "' (must be ASCII letters, digits, - and _)");
    }
    this.publication = publication;
    this.output = publication.output();
    this.runId = runId;
    this.clock = clock;
    this.hook = hook;
  }

  /** Takes the output over from any run that claimed it before; again by the same run is the same. */
  public void claim() throws IOException {
    hook.before("claim");
    output.writeJson(OutputFolder.CLAIM, new Claim(runId, now()));
  }

  /**
   * Publishes complete files; with none at all the output, or the range, becomes empty. Calling it again
   * after it succeeded changes nothing.
   */
  public PublishOutcome publish(List<WrittenFile> files) throws IOException {
    Optional<Manifest> old = output.manifest();
    if (old.isPresent() && old.get().runId().equals(runId) && output.journal() == null) {
      cleanUp(output, runId, hook); // published before, by an attempt whose result was lost
      return outcome(old.get());
    }
    checkClaim();
    Optional<Journal> finished = recover(output, hook);
    if (finished.isPresent() && finished.get().runId().equals(runId)) {
      return outcome(finished.get().manifest());
    }
    old = output.manifest();
    checkComplete(files);
    publication.checkFits(old);
    OutputCheck.check(output, publication.overwrite());
    Journal journal = plan(files, old);
    hook.before("journal");
    output.writeJson(OutputFolder.JOURNAL, journal);
    for (Move move : journal.moves()) {
      hook.before("move");
      output.move(move.from(), move.to());
    }
    Journal still = output.journal();
    if (still != null && still.runId().equals(runId)) { // else a newer run has finished this one's
      complete(output, journal, hook);
    }
    return outcome(journal.manifest());
  }

  /** Leaves the output as it is and deletes what the run wrote. */
  public PublishOutcome withhold(List<String> reasons) throws IOException {
    recover(output, hook);
    cleanUp(output, runId, hook);
    return new PublishOutcome(output.path(), runId, false, 0, 0, 0, reasons);
  }

  /**
   * Finishes or undoes what a killed run left in a folder, and deletes its temporary files. No run may be
   * writing there; a run does the same by itself before it publishes.
   */
  public static void recover(String path) throws IOException {
    OutputFolder output = OutputFolder.of(path);
    recover(output, step -> {});
    output.delete(List.of(OutputFolder.CLAIM));
    cleanUp(output, "", step -> {});
  }

  /** The journal that was finished, if there was one. */
  private static Optional<Journal> recover(OutputFolder output, StepHook hook) throws IOException {
    Journal journal = output.journal();
    if (journal == null) {
      return Optional.empty();
    }
    boolean committed =
        output.manifest().map(m -> m.runId().equals(journal.runId())).orElse(false);
    if (!committed) {
      Set<String> there = new HashSet<>(output.list("").keySet());
      boolean whole =
          journal.moves().stream().allMatch(m -> there.contains(m.from()) || there.contains(m.to()));
      if (!whole) {
        hook.before("undo");
        output.delete(journal.moves().stream().map(Move::to).toList());
        hook.before("forget journal");
        output.delete(List.of(OutputFolder.JOURNAL));
        return Optional.empty();
      }
      for (Move move : journal.moves()) {
        if (there.contains(move.from())) {
          hook.before("move again");
          output.move(move.from(), move.to());
        }
      }
    }
    complete(output, journal, hook);
    return Optional.of(journal);
  }

  /** From moved files to the end. */
  private static void complete(OutputFolder output, Journal journal, StepHook hook)
      throws IOException {
    hook.before("manifest");
    output.writeJson(OutputFolder.MANIFEST, journal.manifest());
    hook.before("delete replaced");
    output.delete(journal.deletes());
    cleanUp(output, journal.runId(), hook);
  }

  /**
   * Deletes what is not output: everything, unless another run has claimed the output meanwhile, whose
   * files are spared. The journal goes last.
   */
  private static void cleanUp(OutputFolder output, String runId, StepHook hook) throws IOException {
    Claim claim = output.readJson(OutputFolder.CLAIM, Claim.class);
    Set<String> spared = new HashSet<>(Set.of(OutputFolder.MANIFEST, OutputFolder.JOURNAL));
    String sparedFolder = null;
    if (claim != null && !claim.runId().equals(runId)) {
      spared.add(OutputFolder.CLAIM);
      sparedFolder = OutputFolder.TEMP + claim.runId() + "/";
    }
    List<String> leftovers = new ArrayList<>();
    for (String file : output.list(OutputFolder.CONTROL).keySet()) {
      if (!spared.contains(file) && (sparedFolder == null || !file.startsWith(sparedFolder))) {
        leftovers.add(file);
      }
    }
    hook.before("delete temporary");
    output.delete(leftovers);
    output.deleteEmpty(List.of(OutputFolder.TEMP + runId + "/", OutputFolder.TEMP));
    hook.before("forget journal");
    output.delete(List.of(OutputFolder.JOURNAL));
  }

  private void checkClaim() throws IOException {
    Claim claim = output.readJson(OutputFolder.CLAIM, Claim.class);
    if (claim != null && claim.runId().equals(runId)) {
      return;
    }
    output.delete(output.list(OutputFolder.TEMP + runId + "/").keySet());
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

  private Journal plan(List<WrittenFile> files, Optional<Manifest> old) throws IOException {
    List<WrittenFile> sorted = new ArrayList<>(files);
    sorted.sort(Comparator.comparing(WrittenFile::folder).thenComparing(WrittenFile::tempPath));
    List<Move> moves = new ArrayList<>();
    List<PublishedFile> published = new ArrayList<>();
    List<String> deletes = new ArrayList<>();
    for (PublishedFile file : old.map(Manifest::files).orElse(List.of())) {
      if (isReplaced(file.partition())) {
        deletes.add(file.path());
      } else {
        published.add(file);
      }
    }
    if (old.isEmpty() && publication.overwrite()) {
      deletes.addAll(OutputCheck.foreignData(output));
    }
    for (WrittenFile file : sorted) {
      if (!isReplaced(file.partition())) {
        throw new IllegalArgumentException(
            "Cannot replace "
                + publication.mode()
                + " in "
                + output
                + ": the run gave records for partition "
                + file.partition()
                + " (filter its output to the range)");
      }
      String name = String.format(Locale.ROOT, "%s-%05d.%s", runId, moves.size(), file.extension());
      String path = file.folder() + name;
      moves.add(new Move(file.tempPath(), path));
      published.add(
          new PublishedFile(
              path,
              file.rows(),
              file.bytes(),
              file.partition(),
              file.minEventTime(),
              file.maxEventTime()));
    }
    Manifest manifest =
        new Manifest(
            Manifest.VERSION,
            runId,
            now(),
            publication.spec(),
            publication.specHash(),
            publication.schema(),
            publication.partitionBy().declarations(),
            published);
    return new Journal(Journal.VERSION, runId, moves, deletes, manifest);
  }

  /** Whether files of this partition are what the run replaces; null belongs to no range. */
  private boolean isReplaced(Map<String, @Nullable String> partition) {
    if (!(publication.mode() instanceof PublishMode.Range range)) {
      return true;
    }
    String eventTime = publication.eventTime();
    PartitionBy.Part part =
        publication.partitionBy().finest(eventTime == null ? "" : eventTime).orElseThrow();
    String value = partition.get(part.name());
    TimeUnit unit = part.unit();
    if (value == null || unit == null) {
      return false;
    }
    long start = unit.parseStart(value);
    return start >= range.from() && start < range.to();
  }

  private PublishOutcome outcome(Manifest manifest) {
    List<PublishedFile> own =
        manifest.files().stream()
            .filter(f -> f.path().substring(f.path().lastIndexOf('/') + 1).startsWith(runId + "-"))
            .toList();
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
