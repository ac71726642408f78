package io.featurebeam.aggregate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Doubles in order, with duplicates: one goes in or out, and the one of a rank is found, in O(log
 * n). A B+ tree whose inner nodes know the first value of each child and how many values are below
 * it; up to {@value #LEAF} values it is a sorted array. A node goes when it is empty, and is used
 * again: a window that slides makes no garbage. -0.0 is before 0.0; NaN has no place.
 */
final class SortedDoubles {

  /** Values of a leaf: so few that to move them takes about as long as to find the leaf. */
  static final int LEAF = 128;

  /** Children of an inner node. */
  private static final int FANOUT = 32;

  private Node root = new Node(true);
  private int size;

  /** Nodes without use. */
  private @Nullable Node freeLeaf;

  private @Nullable Node freeInner;

  private static final class Node {
    /** The values of a leaf, in order; of an inner node the first value of each child. */
    private final double[] values;

    private final Node[] children;

    /** How many values there are below each child. */
    private final int[] counts;

    private int size;

    /** Of a node without use, the next such. */
    private @Nullable Node next;

    Node(boolean leaf) {
      values = new double[leaf ? LEAF : FANOUT];
      children = new Node[leaf ? 0 : FANOUT];
      counts = new int[leaf ? 0 : FANOUT];
    }

    boolean isLeaf() {
      return children.length == 0;
    }

    boolean isFull() {
      return size == values.length;
    }

    /** The child that has the value, or would have it. */
    int child(double value) {
      int at = Arrays.binarySearch(values, 0, size, value);
      return at >= 0 ? at : Math.max(0, -at - 2);
    }

    int total() {
      int total = isLeaf() ? size : 0;
      for (int i = 0; i < size && !isLeaf(); i++) {
        total += counts[i];
      }
      return total;
    }

    void open(int at) {
      System.arraycopy(values, at, values, at + 1, size - at);
      if (!isLeaf()) {
        System.arraycopy(children, at, children, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
      }
      size++;
    }

    void close(int at) {
      size--;
      System.arraycopy(values, at + 1, values, at, size - at);
      if (!isLeaf()) {
        System.arraycopy(children, at + 1, children, at, size - at);
        System.arraycopy(counts, at + 1, counts, at, size - at);
      }
    }

    void putChild(int at, Node child) {
      open(at);
      values[at] = child.values[0];
      children[at] = child;
      counts[at] = child.total();
    }

    /** Moves the upper half to an empty node. */
    void halve(Node upper) {
      int half = size / 2;
      System.arraycopy(values, half, upper.values, 0, size - half);
      if (!isLeaf()) {
        System.arraycopy(children, half, upper.children, 0, size - half);
        System.arraycopy(counts, half, upper.counts, 0, size - half);
      }
      upper.size = size - half;
      size = half;
    }
  }

  int size() {
    return size;
  }

  void clear() {
    if (size > 0) {
      size = 0;
      release(root);
      root = newNode(true);
    }
  }

  void add(double value) {
    Node right = add(root, value);
    if (right != null) {
      Node left = root;
      root = newNode(false);
      root.putChild(0, left);
      root.putChild(1, right);
    }
    size++;
  }

  /** Adds below a node; gives what was split off it, to its right. */
  private @Nullable Node add(Node node, double value) {
    if (node.isLeaf()) {
      int at = Arrays.binarySearch(node.values, 0, node.size, value);
      return put(node, at < 0 ? -at - 1 : at, value, null);
    }
    int at = node.child(value);
    Node child = node.children[at];
    Node split = add(child, value);
    node.values[at] = child.values[0];
    if (split == null) {
      node.counts[at]++;
      return null;
    }
    node.counts[at] = child.total();
    return put(node, at + 1, 0, split);
  }

  /** Puts a value into a leaf, or a child into an inner node; gives what was split off it. */
  private @Nullable Node put(Node node, int at, double value, @Nullable Node child) {
    Node right = null;
    Node target = node;
    int place = at;
    if (node.isFull()) {
      right = newNode(node.isLeaf());
      node.halve(right);
      if (at > node.size) {
        target = right;
        place = at - node.size;
      }
    }
    if (child == null) {
      target.open(place);
      target.values[place] = value;
    } else {
      target.putChild(place, child);
    }
    return right;
  }

  /** Takes out a value that is there. */
  void remove(double value) {
    remove(root, value);
    size--;
    while (!root.isLeaf() && root.size == 1) {
      Node only = root.children[0];
      root.size = 0;
      release(root);
      root = only;
    }
  }

  private void remove(Node node, double value) {
    if (node.isLeaf()) {
      node.close(Arrays.binarySearch(node.values, 0, node.size, value));
      return;
    }
    int at = node.child(value);
    Node child = node.children[at];
    remove(child, value);
    if (--node.counts[at] == 0) {
      release(child);
      node.close(at);
    } else {
      node.values[at] = child.values[0];
    }
  }

  /** The value of a rank, from 0. */
  double get(int rank) {
    Node node = root;
    int left = rank;
    while (!node.isLeaf()) {
      int at = 0;
      while (left >= node.counts[at]) {
        left -= node.counts[at++];
      }
      node = node.children[at];
    }
    return node.values[left];
  }

  private Node newNode(boolean leaf) {
    Node node = leaf ? freeLeaf : freeInner;
    if (node == null) {
      return new Node(leaf);
    }
    if (leaf) {
      freeLeaf = node.next;
    } else {
      freeInner = node.next;
    }
    node.next = null;
    return node;
  }

  /** A node and what is below it. */
  private void release(Node node) {
    if (node.isLeaf()) {
      node.next = freeLeaf;
      freeLeaf = node;
    } else {
      for (int i = 0; i < node.size; i++) {
        release(node.children[i]);
      }
      Arrays.fill(node.children, null);
      node.next = freeInner;
      freeInner = node;
    }
    node.size = 0;
  }
}
