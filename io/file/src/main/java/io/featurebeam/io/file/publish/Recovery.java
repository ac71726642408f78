package io.featurebeam.io.file.publish;

import io.featurebeam.io.file.publish.Journal.Move;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The steps of a publish from its journal on, in a form that any run can take, and take again. */
final class Recovery {

  /** Called before each step that changes files; a test stops the process in it. */
  interface StepHook {
    void before(String step);
  }

  /** Few enough for one to be lost little by a crash, many enough to be moved side by side. */
  private static final int MOVES_AT_ONCE = 100;

  /** Who owns the output. */
  record Claim(String runId, String claimed) {}

  /** What clean-up does not take for leftovers. */
  private static final Set<String> KEPT =
      Set.of(OutputFolder.MANIFEST, OutputFolder.JOURNAL, OutputFolder.CLAIM);

  private final OutputFolder output;
  private final StepHook hook;

  Recovery(OutputFolder output, StepHook hook) {
    this.output = output;
    this.hook = hook;
  }

  @Nullable Claim claim() throws IOException {
    return output.readJson(OutputFolder.CLAIM, Claim.class);
  }

  /** The journal that was finished, if there was one. */
  Optional<Journal> recover() throws IOException {
    Journal journal = output.journal();
    if (journal == null) {
      return Optional.empty();
    }
    boolean committed = output.manifest().map(m -> m.runId().equals(journal.runId())).orElse(false);
    if (!committed) {
      Set<String> there = new HashSet<>(output.list("").keySet());
      boolean whole =
          journal.moves().stream()
              .allMatch(m -> there.contains(m.from()) || there.contains(m.to()));
      if (!whole) {
        undo(journal);
        return Optional.empty();
      }
      move(journal.moves());
    }
    complete(journal);
    return Optional.of(journal);
  }

  /** Back to the output before the journal, whose files cannot all be had any more. */
  void undo(Journal journal) throws IOException {
    hook.before("undo");
    output.delete(journal.moves().stream().map(Move::to).toList());
    hook.before("forget journal");
    output.delete(List.of(OutputFolder.JOURNAL));
  }

  void move(List<Move> moves) throws IOException {
    for (int at = 0; at < moves.size(); at += MOVES_AT_ONCE) {
      hook.before("move");
      output.move(moves.subList(at, Math.min(moves.size(), at + MOVES_AT_ONCE)));
    }
  }

  /** From moved files to the end. */
  void complete(Journal journal) throws IOException {
    keepReplaced(journal);
    hook.before("manifest");
    output.writeJson(OutputFolder.MANIFEST, journal.manifest());
    hook.before("delete replaced");
    output.delete(journal.deletes());
    cleanUp(journal.runId());
  }

  /** Before it is replaced, so that no version is lost, and none is told that never was. */
  private void keepReplaced(Journal journal) throws IOException {
    Optional<Manifest> replaced = output.manifest();
    if (replaced.isPresent() && !replaced.get().runId().equals(journal.runId())) {
      hook.before("keep manifest");
      output.keep(replaced.get(), journal.keptManifests());
    }
  }

  /**
   * Deletes what is not output: everything, unless another run has claimed the output meanwhile,
   * whose files are spared. The claim is looked at again just before it is deleted, and the journal
   * goes last.
   */
  void cleanUp(String runId) throws IOException {
    Claim claim = claim();
    deleteLeftovers(isOfAnother(claim, runId) ? claim.runId() : null);
    output.deleteEmpty(List.of(OutputFolder.TEMP + runId + "/", OutputFolder.TEMP));
    if (!isOfAnother(claim(), runId)) {
      output.delete(List.of(OutputFolder.CLAIM));
    }
    hook.before("forget journal");
    output.delete(List.of(OutputFolder.JOURNAL));
  }

  /** Deletes every temporary file but those of one run, if one is given. */
  void deleteLeftovers(@Nullable String sparedRun) throws IOException {
    String spared = OutputFolder.TEMP + sparedRun + "/";
    List<String> leftovers = new ArrayList<>();
    for (String file : output.list(OutputFolder.CONTROL).keySet()) {
      if (!KEPT.contains(file)
          && !file.startsWith(OutputFolder.VERSIONS)
          && !(sparedRun != null && file.startsWith(spared))) {
        leftovers.add(file);
      }
    }
    hook.before("delete temporary");
    output.delete(leftovers);
  }

  private static boolean isOfAnother(@Nullable Claim claim, String runId) {
    return claim != null && !claim.runId().equals(runId);
  }
}
