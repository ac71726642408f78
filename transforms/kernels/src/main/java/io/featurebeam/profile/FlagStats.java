package io.featurebeam.profile;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.profile.ColumnProfile.Detail;
import io.featurebeam.profile.ColumnProfile.Flags;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many of a boolean column are true, 64 rows at a time. */
final class FlagStats extends ColumnStats {

  private long trues;
  private long falses;

  @Override
  void accumulate(Column column, int @Nullable [] sample) {
    Bitmap values = ((BooleanColumn) column).values();
    Bitmap validity = column.validity();
    int set = (validity == null ? values : values.and(validity)).cardinality();
    trues += set;
    falses += column.size() - column.nullCount() - set;
  }

  @Override
  void merge(ColumnStats other) {
    super.merge(other);
    trues += ((FlagStats) other).trues;
    falses += ((FlagStats) other).falses;
  }

  @Override
  Detail detail() {
    return new Flags(trues, falses);
  }

  @Override
  Distribution.Values distribution() {
    List<Distribution.Category> categories = new ArrayList<>();
    if (trues > 0) {
      categories.add(Distribution.Category.of("true", (double) trues));
    }
    if (falses > 0) {
      categories.add(Distribution.Category.of("false", (double) falses));
    }
    return Distribution.Categories.of(
        categories, 0, 0, (double) (trues + falses), categories.size());
  }

  @Override
  void save(DataOutput out) throws IOException {
    super.save(out);
    out.writeLong(trues);
    out.writeLong(falses);
  }

  @Override
  void load(ProfileReader in) {
    super.load(in);
    trues = in.count("trues");
    falses = in.count("falses");
  }
}
