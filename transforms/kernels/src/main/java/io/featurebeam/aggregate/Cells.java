package io.featurebeam.aggregate;

import io.featurebeam.columnar.Hashing;
import java.util.Arrays;

/** Numbers (key, tile) pairs densely from 0: the slots of the states. */
final class Cells {
  private int[] keys = new int[64];
  private long[] tiles = new long[64];
  private int[] table = new int[128];
  private int size;

  /** Per key the cell of its latest look-up: events in order of time hit it most of the time. */
  private int[] latest = new int[64];

  Cells() {
    Arrays.fill(table, -1);
    Arrays.fill(latest, -1);
  }

  int size() {
    return size;
  }

  int key(int cell) {
    return keys[cell];
  }

  long tile(int cell) {
    return tiles[cell];
  }

  void clear() {
    size = 0;
    Arrays.fill(table, -1);
    Arrays.fill(latest, -1);
  }

  /** The cell of a pair; a new one is added. */
  int cell(int key, long tile) {
    if (key >= latest.length) {
      int old = latest.length;
      latest = Arrays.copyOf(latest, States.grown(old, key + 1));
      Arrays.fill(latest, old, latest.length, -1);
    }
    int known = latest[key];
    if (known >= 0 && tiles[known] == tile) {
      return known;
    }
    int cell = find(key, tile);
    latest[key] = cell;
    return cell;
  }

  private int find(int key, long tile) {
    int mask = table.length - 1;
    int at = hash(key, tile) & mask;
    while (table[at] >= 0) {
      int cell = table[at];
      if (keys[cell] == key && tiles[cell] == tile) {
        return cell;
      }
      at = (at + 1) & mask;
    }
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, States.grown(size, size + 1));
      tiles = Arrays.copyOf(tiles, keys.length);
    }
    keys[size] = key;
    tiles[size] = tile;
    table[at] = size;
    if (++size * 2 > table.length) {
      rehash();
    }
    return size - 1;
  }

  private void rehash() {
    table = new int[table.length * 2];
    Arrays.fill(table, -1);
    int mask = table.length - 1;
    for (int cell = 0; cell < size; cell++) {
      int at = hash(keys[cell], tiles[cell]) & mask;
      while (table[at] >= 0) {
        at = (at + 1) & mask;
      }
      table[at] = cell;
    }
  }

  private static int hash(int key, long tile) {
    return (int) Hashing.mix(tile * 0x9E3779B97F4A7C15L + key);
  }

  long byteSize() {
    return 24L * size + 4L * latest.length;
  }
}
