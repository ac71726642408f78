package io.featurebeam.io.file.avro;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.text.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;

/**
 * Decodes one part of a record into its columns, or skips it: the writer's schema, compiled once.
 */
abstract class AvroNode {

  abstract void read(AvroCursor in, Columns out);

  /** A null of each column below. */
  abstract void readNull(Columns out);

  /** The node of a record; fields that are no column of {@code columns} are skipped. */
  static AvroNode record(Schema record, String prefix, RecordSchema columns) {
    List<AvroNode> fields = new ArrayList<>();
    for (Schema.Field field : record.getFields()) {
      fields.add(field(field.schema(), prefix + field.name(), columns));
    }
    return new Fields(fields.toArray(AvroNode[]::new));
  }

  private static AvroNode field(Schema schema, String name, RecordSchema columns) {
    boolean leaf = columns.contains(name);
    boolean parent = columns.names().stream().anyMatch(c -> c.startsWith(name + "."));
    Schema value = AvroSchemas.value(schema);
    if ((!leaf && !parent) || value == null) {
      return new Skipped(schema);
    }
    AvroNode node;
    if (value.getType() == Schema.Type.RECORD) {
      node = record(value, name + ".", columns);
    } else if (!leaf) {
      return new Skipped(schema);
    } else {
      node = column(value, columns.indexOf(name));
    }
    return schema.getType() == Schema.Type.UNION ? new Union(schema, node) : node;
  }

  private static AvroNode column(Schema value, int index) {
    if (value.getType() == Schema.Type.ARRAY) {
      Schema element = value.getElementType();
      Schema item = Objects.requireNonNull(AvroSchemas.value(element), "item is null");
      AvroScalar scalar = Objects.requireNonNull(AvroScalar.of(item), "item is no scalar");
      return new Column(index, list(element, scalar));
    }
    return new Column(
        index, Objects.requireNonNull(AvroScalar.of(value), "value is no scalar").append());
  }

  private static AvroScalar.Append list(Schema element, AvroScalar item) {
    boolean union = element.getType() == Schema.Type.UNION;
    List<Schema> branches = union ? element.getTypes() : List.of();
    return (in, out) -> {
      ColumnBuilder elements = out.elements();
      for (int count = in.readItems(); count > 0; count = in.readItems()) {
        for (int i = 0; i < count; i++) {
          if (union
              && branches.get(in.readIndex(branches.size(), "union branch")).getType()
                  == Schema.Type.NULL) {
            elements.appendNull();
          } else {
            item.append().append(in, elements);
          }
        }
      }
      out.endList();
    };
  }

  /** A column as the file has it, or an error that names it. */
  static Field find(Schema record, String prefix, String column, boolean nullable) {
    for (Schema.Field field : record.getFields()) {
      String name = prefix + field.name();
      Schema value = AvroSchemas.value(field.schema());
      boolean mayBeNull = nullable || field.schema().isNullable();
      if (name.equals(column)) {
        return new Field(name, AvroSchemas.columnType(name, value), mayBeNull);
      }
      if (column.startsWith(name + ".") && value != null && value.getType() == Schema.Type.RECORD) {
        return find(value, name + ".", column, mayBeNull);
      }
    }
    throw new IllegalArgumentException("no column '" + column + "'");
  }

  private static final class Fields extends AvroNode {
    private final AvroNode[] fields;

    Fields(AvroNode[] fields) {
      this.fields = fields;
    }

    @Override
    void read(AvroCursor in, Columns out) {
      for (AvroNode field : fields) {
        field.read(in, out);
      }
    }

    @Override
    void readNull(Columns out) {
      for (AvroNode field : fields) {
        field.readNull(out);
      }
    }
  }

  private static final class Union extends AvroNode {
    private final boolean[] nulls;
    private final AvroNode value;

    Union(Schema union, AvroNode value) {
      this.nulls = new boolean[union.getTypes().size()];
      for (int i = 0; i < nulls.length; i++) {
        nulls[i] = union.getTypes().get(i).getType() == Schema.Type.NULL;
      }
      this.value = value;
    }

    @Override
    void read(AvroCursor in, Columns out) {
      if (nulls[in.readIndex(nulls.length, "union branch")]) {
        value.readNull(out);
      } else {
        value.read(in, out);
      }
    }

    @Override
    void readNull(Columns out) {
      value.readNull(out);
    }
  }

  private static final class Column extends AvroNode {
    private final int index;
    private final AvroScalar.Append append;

    Column(int index, AvroScalar.Append append) {
      this.index = index;
      this.append = append;
    }

    @Override
    void read(AvroCursor in, Columns out) {
      append.append(in, out.column(index));
    }

    @Override
    void readNull(Columns out) {
      out.column(index).appendNull();
    }
  }

  private static final class Skipped extends AvroNode {
    private final Schema schema;

    Skipped(Schema schema) {
      this.schema = schema;
    }

    @Override
    void read(AvroCursor in, Columns out) {
      in.skip(schema);
    }

    @Override
    void readNull(Columns out) {}
  }
}
