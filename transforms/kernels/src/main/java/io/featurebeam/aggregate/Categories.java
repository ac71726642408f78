package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The parts of any aggregate once for each category: a slot has a table from category to a slot of
 * the parts' own states. What those states keep (merging, saving) holds for each category, so it
 * holds for the whole. A slot with too many categories is full, as in {@link Tally}.
 *
 * @param parts what is accumulated for each category
 * @param category a string, int64, boolean, timestamp, date or time column
 * @param maxCategories of a slot
 */
record Categories(List<Part> parts, String category, int maxCategories) implements Part {

  Categories {
    parts = List.copyOf(parts);
  }

  @Override
  public List<String> inputs() {
    Set<String> inputs = new LinkedHashSet<>(List.of(category));
    parts.forEach(part -> inputs.addAll(part.inputs()));
    return List.copyOf(inputs);
  }

  @Override
  public boolean isOrdered() {
    return parts.stream().anyMatch(Part::isOrdered);
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new Of(
        this, schema, parts.stream().map(p -> p.newStates(schema)).toArray(States[]::new));
  }

  /** Per slot the categories; the number of each is its slot in {@link #inner}, plus 1. */
  static class Of extends States {
    final Categories part;
    final RecordSchema schema;
    final FieldType type;

    /** Per part, where its inputs are among all. */
    private final int[][] inputs;

    final States[] inner;
    private final ValueKeys keys = new ValueKeys();
    final ValueTables tables;
    boolean[] full = {};
    private int innerSlots;
    private int[] free = {};
    private int freeCount;
    private int[] targets = {};

    Of(Categories part, RecordSchema schema, States[] inner) {
      this.part = part;
      this.schema = schema;
      this.type = schema.field(part.category).type();
      this.inner = inner;
      this.tables = new ValueTables(type, true);
      List<String> all = part.inputs();
      this.inputs =
          part.parts.stream()
              .map(p -> p.inputs().stream().mapToInt(all::indexOf).toArray())
              .toArray(int[][]::new);
    }

    boolean isFull(int slot) {
      return full[slot];
    }

    RecordSchema schema() {
      return schema;
    }

    /** The categories of a slot by code point. */
    List<Category> categories(int slot) {
      List<Category> categories = new ArrayList<>(tables.count(slot));
      for (int p = tables.start(slot), end = tables.end(slot); p < end; p++) {
        if (tables.number(p) != 0) {
          categories.add(category(tables, p, inner, (int) tables.number(p) - 1));
        }
      }
      categories.sort(Category.BY_NAME);
      return categories;
    }

    Category category(ValueTables from, int place, States[] states, int slot) {
      long key = from.keepsTexts() ? 0 : from.key(place);
      return new Category(name(from, place), key, states, slot);
    }

    private String name(ValueTables from, int place) {
      return switch (type.storage()) {
        case BYTES -> new String(from.text(place), StandardCharsets.UTF_8);
        case BOOLEAN -> from.key(place) != 0 ? "true" : "false";
        default -> PerCategory.text(type, from.key(place));
      };
    }

    /** The inner slot of the category that {@code from} has at hand; -1 if the slot is full. */
    private int innerSlot(int slot, long key, byte[] data, int from, int to) {
      if (full[slot]) {
        return -1;
      }
      int place = tables.put(slot, key, data, from, to);
      if (tables.number(place) == 0) {
        tables.setNumber(place, allocate() + 1L);
        if (tables.count(slot) > part.maxCategories
            || tables.textBytes(slot) > Tally.MAX_TEXT_BYTES) {
          fill(slot);
          return -1;
        }
      }
      return (int) tables.number(place) - 1;
    }

    private int allocate() {
      if (freeCount > 0) {
        return free[--freeCount];
      }
      int slot = innerSlots++;
      for (States states : inner) {
        states.ensure(innerSlots);
      }
      return slot;
    }

    private void fill(int slot) {
      clear(slot);
      full[slot] = true;
    }

    @Override
    public States newStates() {
      return new Of(
          part, schema, Arrays.stream(inner).map(States::newStates).toArray(States[]::new));
    }

    @Override
    public void ensure(int slots) {
      tables.ensure(slots);
      if (slots > full.length) {
        full = Arrays.copyOf(full, grown(full.length, slots));
      }
    }

    @Override
    public void clear(int slot) {
      for (int p = tables.start(slot), end = tables.end(slot); p < end; p++) {
        if (tables.number(p) != 0) {
          release((int) tables.number(p) - 1);
        }
      }
      tables.clear(slot);
      full[slot] = false;
    }

    private void release(int innerSlot) {
      for (States states : inner) {
        states.clear(innerSlot);
      }
      if (freeCount == free.length) {
        free = Arrays.copyOf(free, grown(free.length, freeCount + 1));
      }
      free[freeCount++] = innerSlot;
      if (freeCount == innerSlots) { // none is left
        freeCount = 0;
        innerSlots = 0;
      }
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      Column column = in.columns().get(0);
      Bitmap validity = column.validity();
      keys.read(column);
      if (targets.length < in.size()) {
        targets = new int[in.size()];
      }
      for (int i = 0; i < in.size(); i++) {
        targets[i] = -1;
        if (slots[i] >= 0 && (validity == null || validity.get(i))) {
          long key = keys.key(i);
          targets[i] = innerSlot(slots[i], key, keys.data(), keys.from(), keys.to());
        }
      }
      for (int i = 0; i < in.size(); i++) {
        if (targets[i] >= 0 && full[slots[i]]) {
          targets[i] = -1; // filled by a later record
        }
      }
      for (int p = 0; p < inner.length; p++) {
        List<Column> columns = Arrays.stream(inputs[p]).mapToObj(c -> in.columns().get(c)).toList();
        inner[p].accumulate(new Inputs(columns, in.times(), in.ties(), in.size()), targets);
      }
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      merge(slot, (Of) from, fromSlot, States::merge);
    }

    @Override
    void mergeExact(int slot, States from, int fromSlot) {
      merge(slot, (Of) from, fromSlot, States::mergeExact);
    }

    /** How a slot of states is merged into one of others. */
    private interface Merging {
      void merge(States into, int slot, States from, int fromSlot);
    }

    private void merge(int slot, Of other, int fromSlot, Merging merging) {
      if (other.full[fromSlot]) {
        fill(slot);
        return;
      }
      ValueTables added = other.tables;
      for (int p = added.start(fromSlot), end = added.end(fromSlot); p < end; p++) {
        if (added.number(p) != 0) {
          byte[] text = added.text(p);
          int target = innerSlot(slot, added.key(p), text, 0, text.length);
          for (int s = 0; s < inner.length && target >= 0; s++) {
            merging.merge(inner[s], target, other.inner[s], (int) added.number(p) - 1);
          }
        }
      }
    }

    /**
     * The categories as a list per slot, and for each saved column of the parts a list of its
     * values beside them. A column of lists becomes one of their lengths and one of all their
     * elements, for lists do not nest.
     */
    @Override
    public List<FieldType> savedTypes() {
      List<FieldType> types = new ArrayList<>();
      types.add(FieldType.listOf(tables.keepsTexts() ? type : FieldType.INT64));
      for (States states : inner) {
        for (FieldType saved : states.savedTypes()) {
          if (saved.kind() == FieldType.Kind.LIST) {
            types.add(FieldType.listOf(FieldType.INT64));
            types.add(saved);
          } else {
            types.add(FieldType.listOf(saved));
          }
        }
      }
      return types;
    }

    @Override
    public List<Column> save(int[] slots) {
      ColumnBuilder categories = ColumnBuilder.of(savedTypes().get(0));
      ColumnBuilder places = ColumnBuilder.of(FieldType.INT64);
      int[] offsets = new int[slots.length + 1];
      for (int i = 0; i < slots.length; i++) {
        tables.save(slots[i], categories.elements(), places);
        if (full[slots[i]]) {
          categories.appendNull();
        } else {
          categories.endList();
        }
        offsets[i + 1] = places.size();
      }
      long[] numbers = ((LongColumn) places.build()).values();
      int[] innerSlot = new int[numbers.length];
      Arrays.setAll(innerSlot, i -> (int) numbers[i] - 1);
      List<Column> saved = new ArrayList<>();
      saved.add(categories.build());
      for (States states : inner) {
        for (Column column : states.save(innerSlot)) {
          addNested(column, offsets, saved);
        }
      }
      return saved;
    }

    private static void addNested(Column column, int[] offsets, List<Column> into) {
      if (!(column instanceof ListColumn lists)) {
        into.add(nested(column, offsets));
        return;
      }
      long[] lengths = new long[lists.size()];
      for (int i = 0; i < lengths.length; i++) {
        int length = lists.end(i) - lists.start(i);
        lengths[i] = lists.isNull(i) ? ~length : length;
      }
      into.add(nested(LongColumn.of(FieldType.INT64, lengths), offsets));
      int[] elementOffsets = new int[offsets.length];
      Arrays.setAll(elementOffsets, i -> lists.offsets()[offsets[i]]);
      into.add(nested(lists.elements(), elementOffsets));
    }

    private static ListColumn nested(Column elements, int[] offsets) {
      return new ListColumn(
          FieldType.listOf(elements.type()), offsets, elements, offsets.length - 1, null);
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      ListColumn categories = (ListColumn) saved.get(0);
      int[] target = targets(categories, slots);
      int[] wanted = wanted(target);
      int[] into = Arrays.stream(wanted).map(i -> target[i]).toArray();
      int column = 1;
      for (States states : inner) {
        List<Column> columns = new ArrayList<>();
        for (FieldType type : states.savedTypes()) {
          Column elements = ((ListColumn) saved.get(column++)).elements();
          if (type.kind() == FieldType.Kind.LIST) {
            elements = lists(type, elements, ((ListColumn) saved.get(column++)).elements());
          }
          columns.add(wanted.length == target.length ? elements : elements.gather(wanted));
        }
        states.mergeSaved(columns, into);
      }
    }

    /** The inner slot of each saved category; -1 where its slot is full. */
    private int[] targets(ListColumn categories, int[] slots) {
      ValueKeys read = new ValueKeys();
      read.read(categories.elements());
      int[] target = new int[categories.elements().size()];
      for (int i = 0; i < slots.length; i++) {
        if (categories.isNull(i)) {
          fill(slots[i]);
        }
        for (int c = categories.start(i); c < categories.end(i); c++) {
          long key = read.key(c);
          target[c] = innerSlot(slots[i], key, read.data(), read.from(), read.to());
        }
      }
      for (int i = 0; i < slots.length; i++) {
        if (full[slots[i]]) { // maybe by a later row
          Arrays.fill(target, categories.start(i), categories.end(i), -1);
        }
      }
      return target;
    }

    private static int[] wanted(int[] target) {
      int[] wanted = new int[target.length];
      int n = 0;
      for (int i = 0; i < target.length; i++) {
        if (target[i] >= 0) {
          wanted[n++] = i;
        }
      }
      return Arrays.copyOf(wanted, n);
    }

    private static ListColumn lists(FieldType type, Column lengths, Column elements) {
      int[] offsets = new int[lengths.size() + 1];
      long[] valid = new long[Bitmap.wordCount(lengths.size())];
      for (int i = 0; i < lengths.size(); i++) {
        long length = ((LongColumn) lengths).get(i);
        offsets[i + 1] = offsets[i] + (int) (length < 0 ? ~length : length);
        valid[i >> 6] |= length < 0 ? 0 : 1L << (i & 63);
      }
      Bitmap validity = Bitmap.wrap(valid, lengths.size());
      return new ListColumn(
          type,
          offsets,
          elements,
          lengths.size(),
          validity.cardinality() == lengths.size() ? null : validity);
    }

    @Override
    public Sliding newSliding() {
      return new CategorySliding(this);
    }

    @Override
    public long byteSize(int slots) {
      long size = tables.byteSize(slots) + slots + 4L * freeCount;
      for (States states : inner) {
        size += states.byteSize(innerSlots);
      }
      return size;
    }
  }

  /**
   * A category and the states of the parts for it: one slot of each. The key is its number, if it
   * is one.
   */
  @SuppressWarnings("ArrayRecordComponent") // read only, and never compared
  record Category(String name, long key, States[] states, int slot) {
    static final Comparator<Category> BY_NAME = (a, b) -> compare(a.name(), b.name());

    /** As values: numbers, or texts by code point. */
    static final Comparator<Category> BY_VALUE =
        Comparator.comparingLong(Category::key).thenComparing(BY_NAME);

    /** By code point: UTF-16 has those beyond it before the last ones within. */
    static int compare(String a, String b) {
      for (int i = 0; i < Math.min(a.length(), b.length()); i++) {
        int x = a.charAt(i);
        int y = b.charAt(i);
        if (x != y) {
          return x >= 0xD800 && y >= 0xD800 ? shifted(x) - shifted(y) : x - y;
        }
      }
      return a.length() - b.length();
    }

    private static int shifted(int c) {
      return c >= 0xE000 ? c - 0x800 : c + 0x2000;
    }
  }
}
