package io.featurebeam.columnar;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of string (UTF-8) or bytes. Either each row has its own slice, or rows hold codes into a
 * dictionary of distinct slices; {@link #code(int)} hides the difference, {@link #isCoded()} tells
 * it to a kernel that can work once per dictionary entry. Codes are valid at null rows too.
 */
public final class BytesColumn extends Column {

  private final Slices slices;
  private final int @Nullable [] codes;

  private BytesColumn(
      FieldType type, Slices slices, int @Nullable [] codes, int size, @Nullable Bitmap validity) {
    super(type, FieldType.Storage.BYTES, size, validity);
    this.slices = slices;
    this.codes = codes;
  }

  /** One slice per row. */
  public static BytesColumn sliced(FieldType type, Slices slices, @Nullable Bitmap validity) {
    return new BytesColumn(type, slices, null, slices.size(), validity);
  }

  /**
   * Codes into a dictionary; takes ownership of {@code codes}, of which the first {@code size}
   * count. An empty dictionary is replaced by one with a single empty entry, so that a code of 0 is
   * always valid.
   */
  public static BytesColumn coded(
      FieldType type, Slices dictionary, int[] codes, int size, @Nullable Bitmap validity) {
    if (codes.length < size) {
      throw new IllegalArgumentException(codes.length + " codes for " + size + " rows");
    }
    Slices entries = dictionary.size() == 0 ? Slices.wrap(new byte[0], new int[2], 1) : dictionary;
    return new BytesColumn(type, entries, codes, size, validity);
  }

  /** A string column; null entries are null rows. */
  public static BytesColumn ofStrings(@Nullable String... values) {
    ColumnBuilder builder = ColumnBuilder.of(FieldType.STRING);
    for (String value : values) {
      builder.append(value);
    }
    return (BytesColumn) builder.build();
  }

  public boolean isCoded() {
    return codes != null;
  }

  /** The dictionary, or the slices of the rows themselves. */
  public Slices slices() {
    return slices;
  }

  /** Which entry of {@link #slices()} row {@code row} holds. */
  public int code(int row) {
    return codes == null ? row : codes[row];
  }

  /** The codes of a coded column (the array may be longer than the column): read only. */
  public int[] codes() {
    if (codes == null) {
      throw new IllegalStateException("The column is not dictionary-coded");
    }
    return codes;
  }

  public String string(int row) {
    return slices.string(code(row));
  }

  public byte[] bytes(int row) {
    return slices.bytes(code(row));
  }

  @Override
  Object boxed(int row) {
    return type().kind() == FieldType.Kind.STRING ? string(row) : bytes(row);
  }

  @Override
  public BytesColumn gather(int[] rows) {
    Bitmap validity = gatherValidity(rows);
    if (codes == null) {
      return sliced(type(), slices.gather(rows), validity);
    }
    int[] result = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      result[i] = codes[rows[i]];
    }
    return new BytesColumn(type(), slices, result, rows.length, validity);
  }

  @Override
  public BytesColumn slice(int from, int to) {
    Bitmap validity = sliceValidity(from, to);
    return codes == null
        ? sliced(type(), slices.slice(from, to), validity)
        : new BytesColumn(type(), slices, Arrays.copyOfRange(codes, from, to), to - from, validity);
  }

  @Override
  public long byteSize() {
    return 4L * size() + (codes == null ? slices.byteSize() : 0);
  }

  /**
   * The column over a dictionary of only the entries that its rows use; the column itself if it is
   * not coded, or if its dictionary is no larger than that.
   */
  public BytesColumn compacted() {
    if (codes == null) {
      return this;
    }
    int[] newCode = new int[slices.size()];
    int[] used = new int[Math.min(slices.size(), size())];
    int count = 0;
    for (int i = 0; i < size(); i++) {
      if (newCode[codes[i]] == 0) {
        used[count++] = codes[i];
        newCode[codes[i]] = count;
      }
    }
    if (count == slices.size()) {
      return this;
    }
    int[] result = new int[size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = newCode[codes[i]] - 1;
    }
    return coded(type(), slices.gather(Arrays.copyOf(used, count)), result, size(), validity());
  }

  /**
   * Coded if every part is and the dictionaries are few, else sliced. Dictionaries are merged by
   * content, so equal strings have one code; strings that no row has are left out.
   */
  static BytesColumn concat(List<Column> columns, int total, @Nullable Bitmap validity) {
    FieldType type = columns.get(0).type();
    List<BytesColumn> parts = new ArrayList<>(columns.size());
    boolean coded = true;
    for (Column column : columns) {
      BytesColumn part = (BytesColumn) column;
      parts.add(part);
      coded &= part.codes != null;
    }
    if (!coded) {
      Slices.Builder all = new Slices.Builder();
      for (BytesColumn part : parts) {
        for (int i = 0; i < part.size(); i++) {
          int code = part.code(i);
          all.append(part.slices.data(), part.slices.start(code), part.slices.length(code));
        }
      }
      return sliced(type, all.build(), validity);
    }
    Slices.Builder dictionary = new Slices.Builder();
    IdentityHashMap<Slices, int[]> translations = new IdentityHashMap<>();
    Map<ByteBuffer, Integer> entries = new HashMap<>();
    boolean single = parts.stream().allMatch(p -> p.slices == parts.get(0).slices);
    int[] codes = new int[total];
    int at = 0;
    for (BytesColumn part : parts) {
      int[] partCodes = part.codes();
      if (single) {
        System.arraycopy(partCodes, 0, codes, at, part.size());
      } else {
        int[] translation = translations.computeIfAbsent(part.slices, BytesColumn::untranslated);
        for (int i = 0; i < part.size(); i++) {
          int code = partCodes[i];
          if (translation[code] < 0) {
            translation[code] = translate(part.slices, code, entries, dictionary);
          }
          codes[at + i] = translation[code];
        }
      }
      at += part.size();
    }
    return coded(type, single ? parts.get(0).slices : dictionary.build(), codes, total, validity);
  }

  private static int[] untranslated(Slices slices) {
    int[] translation = new int[slices.size()];
    Arrays.fill(translation, -1);
    return translation;
  }

  private static int translate(
      Slices from, int code, Map<ByteBuffer, Integer> entries, Slices.Builder dictionary) {
    ByteBuffer key = ByteBuffer.wrap(from.data(), from.start(code), from.length(code));
    Integer known = entries.get(key);
    if (known != null) {
      return known;
    }
    int next = dictionary.size();
    dictionary.append(from.data(), from.start(code), from.length(code));
    entries.put(key, next);
    return next;
  }
}
