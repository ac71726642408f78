package io.featurebeam.aggregate;

import io.featurebeam.columnar.RecordBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The items (tiles or events) of all keys of a shard, in slots that are used again: what each
 * accumulated, and for an event that may have to come out again its record.
 */
final class LiveItems {

  private final States[] states;
  private long[] sequences = {};
  private long[] hashes = {};
  private long[] events = {};
  private @Nullable RecordBatch[] batches = {};
  private int[] rows = {};
  private int[] arrivals = {};
  private int[] free = {};
  private int freeCount;
  private int used;
  private int blocks;

  LiveItems(States[] states) {
    this.states = states;
  }

  /** A slot for a new item, empty, without events. */
  int add(long sequence, long hash, int arrival) {
    int slot = freeCount > 0 ? free[--freeCount] : used++;
    if (slot >= events.length) {
      grow(slot + 1);
    }
    sequences[slot] = sequence;
    hashes[slot] = hash;
    events[slot] = 0;
    arrivals[slot] = arrival;
    return slot;
  }

  private void grow(int needed) {
    int length = States.grown(events.length, needed);
    sequences = Arrays.copyOf(sequences, length);
    hashes = Arrays.copyOf(hashes, length);
    events = Arrays.copyOf(events, length);
    batches = Arrays.copyOf(batches, length);
    rows = Arrays.copyOf(rows, length);
    arrivals = Arrays.copyOf(arrivals, length);
    for (States part : states) {
      part.ensure(length);
    }
  }

  void remove(int slot) {
    for (States part : states) {
      part.clear(slot);
    }
    batches[slot] = null;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, States.grown(free.length, freeCount + 1));
    }
    free[freeCount++] = slot;
  }

  /** Adds what {@code from} holds to {@code slot}, and removes it. */
  void fold(int slot, int from) {
    for (States part : states) {
      part.merge(slot, part, from);
    }
    events[slot] += events[from];
    remove(from);
  }

  /** A slot that holds no item: what {@link #mergeAll} puts there. */
  int addBlock() {
    blocks++;
    return add(0, 0, -1);
  }

  void removeBlock(int slot) {
    blocks--;
    remove(slot);
  }

  /** Adds {@code fromSlots[begin]} to {@code fromSlots[end - 1]} to a slot. */
  void mergeAll(int slot, int[] fromSlots, int begin, int end) {
    for (States part : states) {
      part.mergeAll(slot, part, fromSlots, begin, end);
    }
    for (int i = begin; i < end; i++) {
      events[slot] += events[fromSlots[i]];
    }
  }

  States[] states() {
    return states;
  }

  /** How many items there are. */
  int size() {
    return used - freeCount - blocks;
  }

  long sequence(int slot) {
    return sequences[slot];
  }

  long hash(int slot) {
    return hashes[slot];
  }

  /** With which batch the item came. */
  int arrival(int slot) {
    return arrivals[slot];
  }

  /** How many events the item holds. */
  long events(int slot) {
    return events[slot];
  }

  void addEvents(int slot, long count) {
    events[slot] += count;
  }

  void setRecord(int slot, RecordBatch batch, int row) {
    batches[slot] = batch;
    rows[slot] = row;
  }

  void forgetRecord(int slot) {
    batches[slot] = null;
  }

  boolean hasRecord(int slot) {
    return batches[slot] != null;
  }

  /** The records of events: gathered batch by batch, then put in this order. */
  RecordBatch records(int[] picked, int size) {
    IdentityHashMap<RecordBatch, Integer> indexes = new IdentityHashMap<>();
    List<RecordBatch> sources = new ArrayList<>();
    int[] sourceOf = new int[size];
    for (int i = 0; i < size; i++) {
      RecordBatch batch = batches[picked[i]];
      if (batch == null) {
        throw new AssertionError("an open event has no record");
      }
      Integer index = indexes.putIfAbsent(batch, sources.size());
      if (index == null) {
        index = sources.size();
        sources.add(batch);
      }
      sourceOf[i] = index;
    }
    int[] ends = new int[sources.size() + 1];
    for (int i = 0; i < size; i++) {
      ends[sourceOf[i] + 1]++;
    }
    for (int b = 0; b < sources.size(); b++) {
      ends[b + 1] += ends[b];
    }
    int[] next = ends.clone();
    int[] gathered = new int[size];
    int[] back = new int[size];
    for (int i = 0; i < size; i++) {
      back[i] = next[sourceOf[i]]++;
      gathered[back[i]] = rows[picked[i]];
    }
    List<RecordBatch> pieces = new ArrayList<>();
    for (int b = 0; b < sources.size(); b++) {
      pieces.add(sources.get(b).gather(Arrays.copyOfRange(gathered, ends[b], ends[b + 1])));
    }
    return RecordBatch.concat(pieces).gather(back);
  }

  /** Of equal time: by sequence, then hash. */
  int compareTies(int a, int b) {
    int order = Long.compare(sequences[a], sequences[b]);
    return order != 0 ? order : Long.compare(hashes[a], hashes[b]);
  }

  /** About how many bytes all of it takes. */
  long byteSize() {
    long bytes = events.length * 40L;
    for (States part : states) {
      bytes += part.byteSize(used);
    }
    return bytes;
  }
}
