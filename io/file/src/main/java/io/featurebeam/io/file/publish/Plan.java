package io.featurebeam.io.file.publish;

import io.featurebeam.io.file.publish.Journal.Move;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what a publish is to do, and does nothing. */
final class Plan {

  private final Publication publication;
  private final OutputFolder output;
  private final String runId;
  private final String created;

  Plan(Publication publication, String runId, String created) {
    this.publication = publication;
    this.output = publication.output();
    this.runId = runId;
    this.created = created;
  }

  Journal journal(List<WrittenFile> files, Optional<Manifest> old) throws IOException {
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
              file.maxEventTime(),
              file.content()));
    }
    Manifest manifest =
        new Manifest(
            Manifest.VERSION,
            runId,
            created,
            publication.spec(),
            publication.specHash(),
            origin(old),
            publication.schema(),
            publication.partitionBy().declarations(),
            Content.of(published),
            published);
    return new Journal(
        Journal.VERSION, runId, moves, deletes, manifest, publication.keptManifests());
  }

  private @Nullable Origin origin(Optional<Manifest> old) {
    Origin origin = publication.origin();
    return origin == null
        ? null
        : origin.over(old.map(Manifest::origin).orElse(null), old.isPresent());
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

  /** Whose file it is, from its name as {@link #journal} gives it. */
  static String runOf(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.substring(0, Math.max(0, name.lastIndexOf('-')));
  }
}
