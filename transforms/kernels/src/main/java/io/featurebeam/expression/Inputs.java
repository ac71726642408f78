package io.featurebeam.expression;

import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;

/**
 * The leaves that read: columns, and the variables of list macros. They share arrays, they do not
 * copy.
 */
final class Inputs {

  private static final long DAY = 86_400_000_000L;

  private Inputs() {}

  /** Where a leaf finds its column. */
  private record Place(int index, boolean isVariable) {
    Column in(Frame frame) {
      return isVariable ? frame.variable(index) : frame.column(index);
    }
  }

  static Node column(int index, FieldType type) {
    return node(new Place(index, false), type);
  }

  /** The element of the macro that is {@code up} macros outside of the innermost. */
  static Node variable(int up, FieldType type) {
    return node(new Place(up, true), type);
  }

  private static Node node(Place place, FieldType type) {
    return switch (type.kind()) {
      case BOOLEAN -> new BooleanInput(place);
      case INT64, TIMESTAMP, TIME -> new LongInput(place, Kind.of(type));
      case DATE -> new DateInput(place);
      case FLOAT64 -> new DoubleInput(place);
      case STRING, BYTES -> new TextInput(place, Kind.of(type));
      case LIST -> new ListInput(place, type.element());
    };
  }

  private static final class LongInput extends Node.Longs {
    private final Place place;

    LongInput(Place place, Kind kind) {
      super(kind);
      this.place = place;
    }

    @Override
    void evaluate(Frame frame) {
      LongColumn column = (LongColumn) place.in(frame);
      values = column.values();
      known = words(column.validity());
    }
  }

  /** Days as microseconds; a day too far off to have microseconds is null. */
  private static final class DateInput extends Node.Longs {
    private final Place place;

    DateInput(Place place) {
      super(Kind.TIMESTAMP);
      this.place = place;
    }

    @Override
    void evaluate(Frame frame) {
      LongColumn column = (LongColumn) place.in(frame);
      known = words(column.validity());
      long[] days = column.values();
      long[] result = room(frame);
      for (int i = 0; i < frame.size(); i++) {
        result[i] = days[i] * DAY;
        if (days[i] > Long.MAX_VALUE / DAY || days[i] < Long.MIN_VALUE / DAY) {
          Words.clear(ownKnown(frame), i);
        }
      }
    }
  }

  private static final class DoubleInput extends Node.Doubles {
    private final Place place;

    DoubleInput(Place place) {
      this.place = place;
    }

    @Override
    void evaluate(Frame frame) {
      DoubleColumn column = (DoubleColumn) place.in(frame);
      values = column.values();
      known = words(column.validity());
    }
  }

  private static final class BooleanInput extends Node.Booleans {
    private final Place place;

    BooleanInput(Place place) {
      this.place = place;
    }

    @Override
    void evaluate(Frame frame) {
      BooleanColumn column = (BooleanColumn) place.in(frame);
      known = words(column.validity());
      long[] bits = column.values().words();
      long[] result = truthRoom(frame);
      System.arraycopy(bits, 0, result, 0, frame.words());
      maskTruth(frame);
    }
  }

  private static final class TextInput extends Node.Texts {
    private final Place place;

    TextInput(Place place, Kind kind) {
      super(kind);
      this.place = place;
    }

    @Override
    void evaluate(Frame frame) {
      BytesColumn column = (BytesColumn) place.in(frame);
      slices = column.slices();
      codes = column.isCoded() ? column.codes() : null;
      known = words(column.validity());
    }
  }

  private static final class ListInput extends Node.Lists {
    private final Place place;

    ListInput(Place place, FieldType elementType) {
      super(elementType);
      this.place = place;
    }

    @Override
    void evaluate(Frame frame) {
      set((ListColumn) place.in(frame));
    }
  }
}
