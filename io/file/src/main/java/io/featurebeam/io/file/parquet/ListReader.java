package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ListColumn;
import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/**
 * A column of lists: a repetition level of 0 starts a row, and a row ends where the next one
 * starts.
 */
final class ListReader extends LeafReader {

  private static final int STEP = 1024;

  /** Levels read ahead from the current page. */
  private final int[] repetition = new int[STEP];

  private final int[] definition = new int[STEP];
  private int levelAt;
  private int levelEnd;

  private int[] offsets = new int[1];
  private int elements;
  private int presentElements;
  private long[] elementValidity = new long[16];

  ListReader(ParquetInput in, FileWindow window, Leaf leaf, ColumnChunkMetaData first) {
    super(in, window, leaf, first);
  }

  @Override
  Column readRows(int rows) throws IOException {
    offsets = new int[rows + 1];
    elements = 0;
    presentElements = 0;
    Arrays.fill(elementValidity, 0L);
    buffer.start(rows);
    long[] rowValidity = new long[Bitmap.wordCount(rows)];
    int presentRows = 0;
    int row = -1;
    while (moreLevels()) {
      if (repetition[levelAt] == 0 && row == rows - 1) {
        break;
      }
      int from = levelAt;
      int firstElement = elements;
      int firstPresent = presentElements;
      for (; levelAt < levelEnd; levelAt++) {
        if (repetition[levelAt] == 0) {
          if (row == rows - 1) {
            break;
          }
          row++;
          offsets[row + 1] = elements;
          if (definition[levelAt] >= leaf.listDefinition()) {
            rowValidity[row >> 6] |= 1L << row;
            presentRows++;
          }
        } else if (row < 0) {
          throw new IndexOutOfBoundsException("a row group that starts inside a list");
        }
        if (definition[levelAt] > leaf.listDefinition()) {
          addElement(definition[levelAt] == leaf.maxDefinition());
          offsets[row + 1] = elements;
        }
      }
      if (levelAt > from) {
        take(firstElement, presentElements - firstPresent);
      }
    }
    if (row < rows - 1) {
      throw missingRows();
    }
    Column inner = buffer.build(elements, validity(elementValidity, elements, presentElements));
    return new ListColumn(
        leaf.type(), offsets, inner, rows, validity(rowValidity, rows, presentRows));
  }

  private void addElement(boolean present) {
    if ((elements >> 6) == elementValidity.length) {
      elementValidity = Arrays.copyOf(elementValidity, elementValidity.length * 2);
    }
    if (present) {
      elementValidity[elements >> 6] |= 1L << elements;
      presentElements++;
    }
    elements++;
  }

  /** Reads the values of the elements from {@code first} on, of which so many are not null. */
  private void take(int first, int present) {
    int count = elements - first;
    if (count == 0) {
      return;
    }
    buffer.ensure(elements);
    buffer.append(values, first, present);
    if (present < count) {
      buffer.spread(first, count, present, elementValidity);
    }
  }

  /** Makes sure that a level is there to look at; false at the end of the chunk. */
  private boolean moreLevels() throws IOException {
    if (levelAt < levelEnd) {
      return true;
    }
    if (left == 0 && !nextPage()) {
      return false;
    }
    levelAt = 0;
    levelEnd = Math.min(left, STEP);
    left -= levelEnd;
    repetitions.read(repetition, 0, levelEnd);
    definitions.read(definition, 0, levelEnd);
    return true;
  }

  @Override
  void skipRows(int rows) throws IOException {
    readRows(rows);
  }

  @Override
  void endPage() {
    levelAt = 0;
    levelEnd = 0;
  }

  @Override
  long rowOf(int element) {
    int at = Arrays.binarySearch(offsets, element);
    int list = at < 0 ? -at - 2 : at;
    while (list + 1 < offsets.length && offsets[list + 1] == element) {
      list++; // over the empty lists in front of the one that holds it
    }
    return row() + list;
  }
}
