package io.featurebeam.aggregate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A window for each category that is in it, over the items that have the category: each part slides
 * in its own way, and an item costs no more than its own categories.
 */
final class CategorySliding extends Sliding {
  private final Categories.Of kind;
  private final Window window;

  /** From category to its place in {@link #tracks}, plus 1. */
  private final ValueTables places;

  private Track[] tracks = {};
  private int trackCount;
  private int[] free = {};
  private int freeCount;
  private Categories.Of items;
  private int[] order = {};
  private int lo;
  private int hi;
  private int without = -1;
  private int fullItems;

  CategorySliding(Categories.Of kind) {
    this.kind = (Categories.Of) kind.newStates();
    this.items = this.kind;
    this.window = new Window(this.kind);
    this.places = new ValueTables(kind.type, true);
    places.ensure(1);
  }

  @Override
  public void begin(States newItems, int[] newOrder) {
    items = (Categories.Of) newItems;
    order = newOrder;
    clear();
    lo = 0;
    hi = 0;
  }

  private void clear() {
    places.clear(0);
    freeCount = 0;
    for (int t = 0; t < trackCount; t++) {
      release(t);
    }
    fullItems = 0;
  }

  private void release(int track) {
    tracks[track].clear();
    free[freeCount++] = track;
  }

  @Override
  public void slide(int newLo, int newHi, int newWithout) {
    if (newLo >= hi) { // nothing of the old window is left
      clear();
      lo = newLo;
      hi = newLo;
    }
    for (; hi < newHi; hi++) {
      enter(hi);
    }
    for (; lo < newLo; lo++) {
      leave(order[lo]);
    }
    without = newWithout < newHi ? newWithout : -1;
  }

  private void enter(int at) {
    int item = order[at];
    fullItems += items.full[item] ? 1 : 0;
    ValueTables tables = items.tables;
    for (int p = tables.start(item), end = tables.end(item); p < end; p++) {
      if (tables.number(p) != 0) {
        int place = place(tables, p);
        if (places.number(place) == 0) {
          places.setNumber(place, newTrack() + 1L);
        }
        track(place).add(at, (int) tables.number(p) - 1);
      }
    }
  }

  private void leave(int item) {
    fullItems -= items.full[item] ? 1 : 0;
    ValueTables tables = items.tables;
    for (int p = tables.start(item), end = tables.end(item); p < end; p++) {
      if (tables.number(p) != 0) {
        int place = place(tables, p);
        if (track(place).removeFirst()) {
          byte[] text = tables.text(p);
          release((int) places.number(place) - 1);
          places.add(0, tables.key(p), text, 0, text.length, -places.number(place));
        }
      }
    }
  }

  private int place(ValueTables tables, int p) {
    byte[] text = tables.text(p);
    return places.put(0, tables.key(p), text, 0, text.length);
  }

  private Track track(int place) {
    return tracks[(int) places.number(place) - 1];
  }

  private int newTrack() {
    if (freeCount > 0) {
      return free[--freeCount];
    }
    if (trackCount == tracks.length) {
      tracks = Arrays.copyOf(tracks, States.grown(trackCount, trackCount + 1));
      free = Arrays.copyOf(free, tracks.length);
    }
    tracks[trackCount] = new Track(kind.inner);
    return trackCount++;
  }

  @Override
  public States result() {
    int left = without < 0 ? -1 : order[without]; // the item that is left out
    int fulls = fullItems - (left >= 0 && items.full[left] ? 1 : 0);
    int fewer = left < 0 ? 0 : items.tables.count(left);
    window.begin();
    if (fulls > 0 || places.count(0) - fewer > kind.part.maxCategories()) {
      window.setFull();
      return window;
    }
    long textBytes = 0;
    for (int p = places.start(0), end = places.end(0); p < end; p++) {
      if (places.number(p) != 0 && track(p).slide(items.inner, without)) {
        window.add(kind.category(places, p, track(p).results, 0));
        textBytes += places.text(p).length;
      }
    }
    window.end(textBytes);
    return window;
  }

  /** The items of one category that are in the window, and what slides over them. */
  private static final class Track {
    private final Sliding[] sliding;
    private final States[] results;

    /** Places in the order of all items. */
    private int[] places = {};

    /** The slots of this category in the parts' states, beside them. */
    private int[] slots = {};

    private int lo;
    private int size;
    private boolean begun;
    private int reached;

    Track(States[] kinds) {
      sliding = Arrays.stream(kinds).map(States::newSliding).toArray(Sliding[]::new);
      results = new States[kinds.length];
    }

    void clear() {
      lo = 0;
      size = 0;
      begun = false;
    }

    void add(int place, int slot) {
      if (size == places.length) {
        int kept = size - lo;
        int length = kept * 2 >= size ? States.grown(kept, kept + 1) : places.length;
        places = Arrays.copyOf(Arrays.copyOfRange(places, lo, size), length);
        slots = Arrays.copyOf(Arrays.copyOfRange(slots, lo, size), length);
        lo = 0;
        size = kept;
        begun = false; // what slides knows the old array
      }
      places[size] = place;
      slots[size++] = slot;
    }

    /** Whether it was the last. */
    boolean removeFirst() {
      lo++;
      return lo == size;
    }

    /** Brings the results up to date; false if no item is left without that one. */
    boolean slide(States[] items, int without) {
      int at = without < 0 ? -1 : Arrays.binarySearch(places, lo, size, without);
      if (at >= 0 && size - lo == 1) {
        return false;
      }
      int until = at >= 0 ? at : size;
      if (!begun || until < reached) { // the latter where an event among ties was left out
        for (int s = 0; s < sliding.length; s++) {
          sliding[s].begin(items[s], slots);
        }
        begun = true;
      }
      reached = until;
      for (int s = 0; s < sliding.length; s++) {
        sliding[s].slide(lo, size, until);
        results[s] = sliding[s].result();
      }
      return true;
    }
  }

  /** The window of {@link CategorySliding} as states of one slot. */
  private static final class Window extends Categories.Of {
    private final int maxCategories;
    private final List<Categories.Category> categories = new ArrayList<>();
    private boolean tooMany;

    Window(Categories.Of kind) {
      super(kind.part, kind.schema, new States[0]);
      maxCategories = kind.part.maxCategories();
    }

    void begin() {
      categories.clear();
      tooMany = false;
    }

    void setFull() {
      tooMany = true;
    }

    void add(Categories.Category category) {
      categories.add(category);
    }

    void end(long textBytes) {
      tooMany = categories.size() > maxCategories || textBytes > Tally.MAX_TEXT_BYTES;
      categories.sort(Categories.Category.BY_NAME);
    }

    @Override
    boolean isFull(int slot) {
      return tooMany;
    }

    @Override
    List<Categories.Category> categories(int slot) {
      return categories;
    }
  }
}
