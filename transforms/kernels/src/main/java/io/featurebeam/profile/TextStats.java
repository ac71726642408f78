package io.featurebeam.profile;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Slices;
import io.featurebeam.profile.ColumnProfile.Detail;
import io.featurebeam.profile.ColumnProfile.Texts;
import io.featurebeam.profile.ColumnProfile.TopValue;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lengths, distinct and most frequent values of strings or bytes. Of a dictionary-coded column only
 * codes are counted while the dictionary stays the same; each entry in use is looked at once.
 */
final class TextStats extends ColumnStats {

  private static final int SHOWN = 10;
  private static final int SHOWN_BYTES = 120;

  private final FieldType type;
  private final Lengths lengths = new Lengths();
  private final DistinctHashes hashes = new DistinctHashes();
  private TopTexts top = new TopTexts();
  private boolean sampled;

  /** The dictionary whose codes are being counted. */
  private @Nullable Slices dictionary;

  private int[] codeCounts = {};

  TextStats(FieldType type) {
    this.type = type;
  }

  @Override
  void accumulate(Column column, int @Nullable [] sample) {
    BytesColumn texts = (BytesColumn) column;
    if (texts.isCoded()) {
      countCodes(texts);
    } else {
      addEach(texts, sample);
    }
  }

  private void countCodes(BytesColumn texts) {
    if (texts.slices() != dictionary) {
      flush();
      dictionary = texts.slices();
      codeCounts = new int[dictionary.size()];
    }
    int[] codes = texts.codes();
    int[] counts = codeCounts;
    Bitmap validity = texts.validity();
    int size = texts.size();
    if (validity == null) {
      for (int i = 0; i < size; i++) {
        counts[codes[i]]++;
      }
    } else {
      for (int i = 0; i < size; i++) {
        counts[codes[i]] += validity.get(i) ? 1 : 0;
      }
    }
    if (size > 0 && counts[codes[0]] > Integer.MAX_VALUE / 2) {
      flush(); // far from an overflow, whatever the size of a batch
    }
  }

  /** Turns the counts of codes into counts of values. */
  private void flush() {
    Slices entries = dictionary;
    if (entries == null) {
      return;
    }
    for (int code = 0; code < codeCounts.length; code++) {
      if (codeCounts[code] > 0) {
        long hash = entries.hash(code);
        hashes.add(hash);
        lengths.add(length(entries, code), codeCounts[code]);
        top.add(hash, entries.data(), entries.start(code), entries.end(code), codeCounts[code]);
      }
    }
    dictionary = null;
    codeCounts = new int[0];
  }

  private void addEach(BytesColumn texts, int @Nullable [] sample) {
    Slices slices = texts.slices();
    Bitmap validity = texts.validity();
    int next = 0;
    sampled |= sample != null;
    for (int i = 0; i < texts.size(); i++) {
      boolean chosen = sample == null || (next < sample.length && sample[next] == i);
      next += chosen ? 1 : 0;
      if (validity != null && !validity.get(i)) {
        continue;
      }
      long hash = slices.hash(i);
      hashes.add(hash);
      lengths.add(length(slices, i), 1);
      if (chosen) {
        int weight = sample == null ? 1 : RowSample.RATE;
        top.add(hash, slices.data(), slices.start(i), slices.end(i), weight);
      }
    }
  }

  private long length(Slices slices, int i) {
    if (type.kind() != FieldType.Kind.STRING) {
      return slices.length(i);
    }
    byte[] data = slices.data();
    int end = slices.end(i);
    int characters = 0;
    for (int at = slices.start(i); at < end; at++) {
      characters += (data[at] & 0xC0) != 0x80 ? 1 : 0;
    }
    return characters;
  }

  @Override
  void merge(ColumnStats from) {
    super.merge(from);
    TextStats other = (TextStats) from;
    flush();
    other.flush();
    lengths.merge(other.lengths);
    hashes.merge(other.hashes);
    top.merge(other.top);
    sampled |= other.sampled;
  }

  @Override
  Detail detail() {
    flush();
    List<TopValue> shown =
        top.entries().stream()
            .filter(e -> e.count() >= top.error()) // below it, chance decides who is there
            .limit(SHOWN)
            .map(e -> new TopValue(text(e), e.count()))
            .toList();
    return new Texts(
        lengths.empty(),
        lengths.min(),
        lengths.max(),
        lengths.mean(),
        hashes.distinct(lengths.count()),
        shown,
        top.error(),
        sampled);
  }

  @Override
  Distribution.Values distribution() {
    flush();
    List<Distribution.Category> categories = new ArrayList<>();
    double counted = 0;
    for (TopTexts.Entry entry : top.entries()) {
      categories.add(new Distribution.Category(entry.hash(), text(entry), (double) entry.count()));
      counted += entry.count();
    }
    double values = values();
    double chosen = Math.min(values, RowSample.FULL);
    double effective =
        sampled && values > 0
            ? values * values / (chosen + RowSample.RATE * (values - chosen))
            : values;
    return Distribution.Categories.of(
        categories,
        top.error() > 0 ? Math.max(0, values - counted) : 0,
        top.error(),
        effective,
        hashes.distinct(lengths.count()).count());
  }

  private String text(TopTexts.Entry entry) {
    byte[] prefix = entry.prefix();
    if (type.kind() != FieldType.Kind.STRING) {
      int shown = Math.min(prefix.length, 32);
      String hex = "0x" + HexFormat.of().formatHex(prefix, 0, shown);
      return shown == entry.length() ? hex : hex + "… (" + entry.length() + " bytes)";
    }
    if (entry.length() <= SHOWN_BYTES) {
      return BatchPrinter.escape(new String(prefix, StandardCharsets.UTF_8));
    }
    int end = SHOWN_BYTES;
    while (end > 0 && (prefix[end] & 0xC0) == 0x80) {
      end--;
    }
    String start = new String(Arrays.copyOf(prefix, end), StandardCharsets.UTF_8);
    return BatchPrinter.escape(start) + "… (" + entry.length() + " bytes)";
  }

  @Override
  void save(DataOutput out) throws IOException {
    flush();
    super.save(out);
    lengths.save(out);
    hashes.save(out);
    top.save(out);
    out.writeBoolean(sampled);
  }

  @Override
  void load(ProfileReader in) {
    super.load(in);
    lengths.load(in);
    hashes.merge(DistinctHashes.load(in));
    top = TopTexts.load(in);
    sampled = in.readBoolean();
  }
}
