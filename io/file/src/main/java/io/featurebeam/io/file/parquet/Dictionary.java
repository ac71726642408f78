package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Slices;
import org.jspecify.annotations.Nullable;

/** The distinct values of a column chunk, decoded once; exactly one of the three is there. */
record Dictionary(
    int size, long @Nullable [] longs, double @Nullable [] doubles, @Nullable Slices slices) {}
