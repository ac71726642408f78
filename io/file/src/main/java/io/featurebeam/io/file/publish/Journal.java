package io.featurebeam.io.file.publish;

import java.util.List;

/**
 * What a publish is about to do, written before it begins: enough to finish it or to undo it.
 *
 * @param moves temporary files to their places; the places are new names, never those of published
 *     files
 * @param deletes published files that are replaced
 * @param manifest what holds from then on
 * @param keptManifests how many of those before it are kept
 */
record Journal(
    int version,
    String runId,
    List<Move> moves,
    List<String> deletes,
    Manifest manifest,
    int keptManifests) {

  static final int VERSION = 1;

  /** Both relative to the output folder. */
  record Move(String from, String to) {
    Move {
      OutputFolder.checkInside(from);
      OutputFolder.checkInside(to);
    }
  }

  Journal {
    moves = List.copyOf(moves);
    deletes = List.copyOf(deletes);
    deletes.forEach(OutputFolder::checkInside);
  }
}
