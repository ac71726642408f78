package io.featurebeam.io.file.parquet;

import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/** Finds the chunk of a column in a row group. */
final class Chunks {

  private Chunks() {}

  static ColumnChunkMetaData of(BlockMetaData group, Leaf leaf) {
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      if (chunk.getPath().equals(leaf.path())) {
        return chunk;
      }
    }
    throw new IndexOutOfBoundsException(
        "row group " + group.getOrdinal() + " has no column '" + leaf.name() + "'");
  }
}
