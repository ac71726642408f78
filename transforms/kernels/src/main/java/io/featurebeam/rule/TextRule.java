package io.featurebeam.rule;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import java.util.List;

/** A rule over one string column, each of whose values is judged by itself. */
interface TextRule extends Rule {

  /** Judges a value; made anew for each binding, so it may keep buffers. */
  interface Test {
    boolean passes(Slices values, int i);
  }

  String column();

  /** What a value must be, for people: {@code must be an e-mail address}. */
  String requirement();

  Test test();

  @Override
  default List<String> columns() {
    return List.of(column());
  }

  /** Whether it judges a column of this type. */
  default boolean judges(FieldType type) {
    return type.kind() == FieldType.Kind.STRING;
  }

  /** What a column must be, for the error of one that is not. */
  default String judged() {
    return "must be string";
  }

  @Override
  default Checker bind(RecordSchema schema) {
    FieldType type = schema.field(column()).type();
    if (!judges(type)) {
      throw Literals.cannotJudge(id(), column(), type, judged());
    }
    Test test = test();
    return new TextChecker(schema, column(), requirement()) {
      @Override
      protected void test(Slices values, long[] passes) {
        for (int i = 0; i < values.size(); i++) {
          passes[i >> 6] |= (test.passes(values, i) ? 1L : 0L) << i;
        }
      }
    };
  }
}
