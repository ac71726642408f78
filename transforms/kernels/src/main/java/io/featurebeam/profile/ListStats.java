package io.featurebeam.profile;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.profile.ColumnProfile.Detail;
import io.featurebeam.profile.ColumnProfile.Lists;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The lengths of the lists of a column. */
final class ListStats extends ColumnStats {

  private final Lengths lengths = new Lengths();

  @Override
  void accumulate(Column column, int @Nullable [] sample) {
    ListColumn lists = (ListColumn) column;
    Bitmap validity = column.validity();
    for (int i = 0; i < lists.size(); i++) {
      if (validity == null || validity.get(i)) {
        lengths.add(lists.end(i) - lists.start(i), 1);
      }
    }
  }

  @Override
  void merge(ColumnStats other) {
    super.merge(other);
    lengths.merge(((ListStats) other).lengths);
  }

  @Override
  Detail detail() {
    return new Lists(lengths.empty(), lengths.min(), lengths.max(), lengths.mean());
  }

  @Override
  void save(DataOutput out) throws IOException {
    super.save(out);
    lengths.save(out);
  }

  @Override
  void load(ProfileReader in) {
    super.load(in);
    lengths.load(in);
  }
}
