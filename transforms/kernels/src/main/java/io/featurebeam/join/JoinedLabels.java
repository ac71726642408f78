package io.featurebeam.join;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import java.util.List;

/** Takes labels that are joined, and those that a group dropped. */
public interface JoinedLabels {

  /** Some joined labels, of {@link BoundJoin#outputSchema}. */
  void joined(RecordBatch rows);

  /** Labels for which a group found nothing, with their columns alone. */
  void dropped(RecordBatch labels, JoinGroup by);

  /** Parts the two. */
  default void accept(
      BoundJoin join, RecordBatch labels, List<? extends Column> columns, long[] droppedBy) {
    int size = droppedBy.length;
    RecordBatch all =
        RecordBatch.of(join.outputSchema(), size, columns).withPositions(labels.positions());
    RecordBatch kept = all.select(Bitmap.of(size, i -> droppedBy[i] < 0));
    int most = 2 * RecordBatch.TARGET_SIZE;
    for (int at = 0; at < kept.size(); at += most) {
      joined(kept.slice(at, Math.min(kept.size(), at + most)));
    }
    for (int g = 0; kept.size() < size && g < join.spec().groups().size(); g++) {
      int group = g;
      RecordBatch dropped = all.select(Bitmap.of(size, i -> droppedBy[i] == group));
      if (dropped.size() > 0) {
        dropped(dropped.project(join.labelSchema().names()), join.spec().groups().get(g));
      }
    }
  }
}
