package io.featurebeam.profile;

import io.featurebeam.columnar.Column;
import io.featurebeam.profile.ColumnProfile.Detail;
import io.featurebeam.profile.ColumnProfile.Hidden;
import org.jspecify.annotations.Nullable;

/** Of a masked column: it looks at no value. */
final class HiddenStats extends ColumnStats {

  @Override
  void accumulate(Column column, int @Nullable [] sample) {}

  @Override
  Detail detail() {
    return new Hidden();
  }
}
