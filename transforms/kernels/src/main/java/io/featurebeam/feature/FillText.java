package io.featurebeam.feature;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Slices;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Text with a replacement where it is null. A dictionary gets the replacement as one more entry,
 * once, and stays shared by the batches that share it.
 */
final class FillText {

  private final byte[] replacement;
  private @Nullable Slices seen;
  private @Nullable Slices extended;

  FillText(String replacement) {
    this.replacement = replacement.getBytes(StandardCharsets.UTF_8);
  }

  BytesColumn map(BytesColumn column) {
    Bitmap validity = column.validity();
    if (validity == null) {
      return column;
    }
    if (!column.isCoded()) {
      Slices.Builder all = new Slices.Builder();
      for (int i = 0; i < column.size(); i++) {
        append(all, column.slices(), validity.get(i) ? i : -1);
      }
      return BytesColumn.sliced(FieldType.STRING, all.build(), null);
    }
    Slices slices = column.slices();
    Slices dictionary = extended;
    if (slices != seen || dictionary == null) {
      Slices.Builder all = new Slices.Builder();
      for (int i = 0; i < slices.size(); i++) {
        append(all, slices, i);
      }
      append(all, slices, -1);
      dictionary = all.build();
      extended = dictionary;
      seen = slices;
    }
    int[] codes = Arrays.copyOf(column.codes(), column.size());
    for (int i : validity.not().indexes()) {
      codes[i] = slices.size();
    }
    return BytesColumn.coded(FieldType.STRING, dictionary, codes, codes.length, null);
  }

  private void append(Slices.Builder all, Slices slices, int entry) {
    if (entry < 0) {
      all.append(replacement, 0, replacement.length);
    } else {
      all.append(slices.data(), slices.start(entry), slices.length(entry));
    }
  }
}
