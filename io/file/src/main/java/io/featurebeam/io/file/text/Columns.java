package io.featurebeam.io.file.text;

import io.featurebeam.columnar.ColumnBuilder;

/** Where a record's values go. */
@FunctionalInterface
public interface Columns {

  /** The column of that index in the schema. */
  ColumnBuilder column(int index);
}
