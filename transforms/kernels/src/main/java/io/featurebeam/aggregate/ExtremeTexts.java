package io.featurebeam.aggregate;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Per slot the smallest or largest text by its bytes; null before there is one. */
final class ExtremeTexts extends States {

  private final boolean largest;
  private byte @Nullable [][] texts = {};
  private long textBytes;

  ExtremeTexts(boolean largest) {
    this.largest = largest;
  }

  /** Appends the text of a slot that has one. */
  void append(int slot, ColumnBuilder out) {
    byte[] text = texts[slot];
    if (text == null) {
      out.appendNull();
    } else {
      out.appendBytes(text, 0, text.length);
    }
  }

  private void take(int slot, byte[] text) {
    byte[] old = texts[slot];
    if (old != null) {
      int order = Arrays.compareUnsigned(text, old);
      if (largest ? order <= 0 : order >= 0) {
        return;
      }
    }
    textBytes += byteSize(text) - byteSize(old);
    texts[slot] = text;
  }

  private static long byteSize(byte @Nullable [] text) {
    return text == null ? 0 : 16L + text.length;
  }

  @Override
  public States newStates() {
    return new ExtremeTexts(largest);
  }

  @Override
  public void ensure(int slots) {
    if (slots > texts.length) {
      texts = Arrays.copyOf(texts, grown(texts.length, slots));
    }
  }

  @Override
  public void clear(int slot) {
    textBytes -= byteSize(texts[slot]);
    texts[slot] = null;
  }

  @Override
  public void accumulate(Inputs in, int[] slots) {
    takeAll((BytesColumn) in.columns().get(0), slots);
  }

  private void takeAll(BytesColumn column, int[] slots) {
    for (int i = 0; i < column.size(); i++) {
      if (slots[i] >= 0 && !column.isNull(i)) {
        take(slots[i], column.bytes(i));
      }
    }
  }

  @Override
  public void merge(int slot, States from, int fromSlot) {
    byte[] text = ((ExtremeTexts) from).texts[fromSlot];
    if (text != null) {
      take(slot, text);
    }
  }

  @Override
  public List<FieldType> savedTypes() {
    return List.of(FieldType.STRING);
  }

  @Override
  public List<Column> save(int[] slots) {
    ColumnBuilder saved = ColumnBuilder.of(FieldType.STRING);
    for (int slot : slots) {
      append(slot, saved);
    }
    return List.of(saved.build());
  }

  @Override
  public void mergeSaved(List<Column> saved, int[] slots) {
    takeAll((BytesColumn) saved.get(0), slots);
  }

  @Override
  public long byteSize(int slots) {
    return 8L * slots + textBytes;
  }
}
