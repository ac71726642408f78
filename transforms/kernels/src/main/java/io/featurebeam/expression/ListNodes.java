package io.featurebeam.expression;

import io.featurebeam.columnar.Column;
import java.util.Arrays;

/** Operators over list columns: size, index, in, exists, all. */
final class ListNodes {

  private ListNodes() {}

  static final class Size extends Node.Longs {
    private final Lists list;

    Size(Lists list) {
      super(Kind.INT);
      this.list = list;
    }

    @Override
    void evaluate(Frame frame) {
      list.evaluate(frame);
      knownOf(list);
      long[] result = room(frame);
      int[] offsets = list.column().offsets();
      for (int i = 0; i < frame.size(); i++) {
        result[i] = (long) offsets[i + 1] - offsets[i];
      }
    }
  }

  /** {@code list[i]}: null if there is no such element. */
  static Node index(Node.Lists list, Node.Longs index) {
    Picked picked = new Picked(list, index);
    Node element = Inputs.variable(0, list.elementType);
    return switch (Kind.of(list.elementType)) {
      case BOOLEAN -> new PickedBoolean(picked, (Node.Booleans) element);
      case INT, TIMESTAMP, DURATION -> new PickedLong(picked, (Node.Longs) element);
      case DOUBLE -> new PickedDouble(picked, (Node.Doubles) element);
      case STRING, BYTES -> new PickedText(picked, (Node.Texts) element);
      case LIST, NULL -> throw new IllegalStateException("Lists do not nest");
    };
  }

  /** Reads one element per row: gathers the elements into a column, and reads that. */
  private record Picked(Node.Lists list, Node.Longs index) {
    void evaluate(Frame frame, Node result, Node element) {
      list.evaluate(frame);
      index.evaluate(frame);
      result.knownOf(frame, list, index);
      int[] rows = new int[frame.size()];
      int[] offsets = list.column().offsets();
      Column elements = list.column().elements();
      boolean any = elements.size() > 0;
      for (int i = 0; i < rows.length; i++) {
        long at = index.values[i];
        if (result.isKnown(i) && at >= 0 && at < offsets[i + 1] - offsets[i]) {
          rows[i] = offsets[i] + (int) at;
        } else {
          Words.clear(result.ownKnown(frame), i);
        }
      }
      Column picked = any ? elements.gather(rows) : Column.nulls(elements.type(), rows.length);
      element.evaluate(frame.within(picked, rows));
      if (element.known != null) {
        long[] own = result.ownKnown(frame);
        for (int w = 0; w < frame.words(); w++) {
          own[w] &= element.known[w];
        }
      }
    }
  }

  private static final class PickedLong extends Node.Longs {
    private final Picked picked;
    private final Longs element;

    PickedLong(Picked picked, Longs element) {
      super(element.kind);
      this.picked = picked;
      this.element = element;
    }

    @Override
    void evaluate(Frame frame) {
      picked.evaluate(frame, this, element);
      values = element.values;
    }
  }

  private static final class PickedDouble extends Node.Doubles {
    private final Picked picked;
    private final Doubles element;

    PickedDouble(Picked picked, Doubles element) {
      this.picked = picked;
      this.element = element;
    }

    @Override
    void evaluate(Frame frame) {
      picked.evaluate(frame, this, element);
      values = element.values;
    }
  }

  private static final class PickedBoolean extends Node.Booleans {
    private final Picked picked;
    private final Booleans element;

    PickedBoolean(Picked picked, Booleans element) {
      this.picked = picked;
      this.element = element;
    }

    @Override
    void evaluate(Frame frame) {
      picked.evaluate(frame, this, element);
      System.arraycopy(element.truth, 0, truthRoom(frame), 0, frame.words());
      maskTruth(frame);
    }
  }

  private static final class PickedText extends Node.Texts {
    private final Picked picked;
    private final Texts element;

    PickedText(Picked picked, Texts element) {
      super(element.kind);
      this.picked = picked;
      this.element = element;
    }

    @Override
    void evaluate(Frame frame) {
      picked.evaluate(frame, this, element);
      slices = element.slices;
      codes = element.codes;
    }
  }

  /**
   * {@code list.exists(x, p)} and, with {@code all}, its mirror: the predicate is computed over all
   * elements of the batch as one column. A predicate that is null for an element leaves the result
   * null unless another element decides it.
   */
  static final class Any extends Node.Booleans {
    private final Lists list;
    private final Booleans predicate;
    private final boolean all;

    Any(Lists list, Booleans predicate, boolean all) {
      this.list = list;
      this.predicate = predicate;
      this.all = all;
    }

    @Override
    void evaluate(Frame frame) {
      list.evaluate(frame);
      knownOf(list);
      int[] offsets = list.column().offsets();
      Column elements = list.column().elements();
      int[] parents = new int[elements.size()];
      for (int i = 0; i < frame.size(); i++) {
        Arrays.fill(parents, offsets[i], offsets[i + 1], i);
      }
      predicate.evaluate(frame.within(elements, parents));
      long[] result = truthRoom(frame);
      Arrays.fill(result, 0, frame.words(), 0);
      for (int i = 0; i < frame.size(); i++) {
        boolean decided = false;
        boolean unknown = false;
        for (int e = offsets[i]; e < offsets[i + 1]; e++) {
          boolean isKnown = predicate.isKnown(e);
          unknown |= !isKnown;
          decided |= isKnown && Words.get(predicate.truth, e) != all;
        }
        if (decided != all) {
          result[i >> 6] |= 1L << i;
        }
        if (unknown && !decided) {
          Words.clear(ownKnown(frame), i);
        }
      }
      maskTruth(frame);
    }
  }

  /** {@code x in list}: null if x is, or if it is not among the known elements and one is null. */
  static final class In extends Node.Booleans {
    private final Node value;
    private final Lists list;
    private final Node element;

    /** The element node reads the elements and is of the value's kind. */
    In(Node value, Lists list, Node element) {
      this.value = value;
      this.list = list;
      this.element = element;
    }

    @Override
    void evaluate(Frame frame) {
      value.evaluate(frame);
      list.evaluate(frame);
      knownOf(frame, value, list);
      int[] offsets = list.column().offsets();
      Column elements = list.column().elements();
      element.evaluate(frame.within(elements, new int[elements.size()]));
      long[] result = truthRoom(frame);
      Arrays.fill(result, 0, frame.words(), 0);
      for (int i = 0; i < frame.size(); i++) {
        boolean found = false;
        boolean unknown = false;
        for (int e = offsets[i]; e < offsets[i + 1]; e++) {
          boolean isKnown = element.isKnown(e);
          unknown |= !isKnown;
          found |= isKnown && equal(i, e);
        }
        if (found) {
          result[i >> 6] |= 1L << i;
        } else if (unknown) {
          Words.clear(ownKnown(frame), i);
        }
      }
      maskTruth(frame);
    }

    private boolean equal(int row, int at) {
      if (value instanceof Longs x) {
        return x.values[row] == ((Longs) element).values[at];
      }
      if (value instanceof Doubles x) {
        return x.values[row] == ((Doubles) element).values[at];
      }
      if (value instanceof Texts x) {
        Texts y = (Texts) element;
        return x.slices.equal(x.code(row), y.slices, y.code(at));
      }
      return Words.get(((Booleans) value).truth, row) == Words.get(((Booleans) element).truth, at);
    }
  }
}
