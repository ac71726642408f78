package io.featurebeam.expression;

import dev.cel.common.ast.CelExpr;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Compiles expressions in CEL, the Common Expression Language.
 *
 * <pre>{@code
 * Expression late = Expressions.compile("delay > 15 && origin in ['SFO', 'OAK']", schema);
 * BooleanColumn isLate = (BooleanColumn) late.evaluate(batch);
 * }</pre>
 *
 * <p>What there is:
 *
 * <ul>
 *   <li>{@code && || ! ?: == != < <= > >= in}, {@code + - * / %}, {@code == null}, {@code != null};
 *   <li>on strings {@code size startsWith endsWith contains matches} (RE2, found anywhere) and
 *       {@code +};
 *   <li>{@code int() double() string() timestamp() duration()};
 *   <li>on timestamps (UTC) and durations {@code getFullYear getMonth getDayOfYear getDayOfMonth
 *       getDate getDayOfWeek getHours getMinutes getSeconds getMilliseconds}, and {@code + -};
 *   <li>on lists {@code size}, {@code list[0]}, {@code x in list}, {@code list.exists(x, x > 0)},
 *       {@code list.all(x, x > 0)}.
 * </ul>
 *
 * <p>Where this differs from CEL: int64 and float64 mix, and meet as float64 ({@code delay > 15}
 * holds for a float64 delay; an int64 beyond 2^53 is rounded); null is as {@link Expression} says,
 * where CEL has an error; {@code a.b} may be a column named "a.b"; a name that is no identifier
 * stands in backticks ({@code `passenger count` > 0}). A date is read as its midnight, a time of
 * day as the duration since midnight. Of float64, {@code / 0} gives an infinity or NaN, as IEEE 754
 * says.
 *
 * <p>The rest of CEL ({@code map}, {@code filter}, time zones, map literals, predicates of two
 * strings) runs on the CEL runtime a record at a time: the same values, some hundred times slower.
 *
 * <p>Bounds: 10,000 characters, 250 levels, two levels of list macros, patterns as {@link Regex}.
 */
public final class Expressions {

  private Expressions() {}

  /**
   * The expression, checked against the schema. An error is an {@link IllegalArgumentException}
   * that shows the place:
   *
   * <pre>
   * Invalid expression at column 1: Unknown column: 'dely'; did you mean 'delay'?
   *   dely > 15
   *   ^
   * </pre>
   *
   * <p>The result keeps buffers and is for one thread at a time.
   */
  public static Expression compile(String cel, RecordSchema schema) {
    Objects.requireNonNull(schema, "schema is null");
    Source source = Source.of(Objects.requireNonNull(cel, "cel is null"));
    Source.Tree tree = source.parse();
    Compiler compiler = new Compiler(tree, schema);
    Node root;
    try {
      root = compiler.compile();
    } catch (Compiler.NotColumnar e) {
      return RowExpression.compile(source, schema, columns(cel));
    }
    FieldType type =
        switch (root.kind) {
          case BOOLEAN -> FieldType.BOOLEAN;
          case INT -> FieldType.INT64;
          case DOUBLE -> FieldType.FLOAT64;
          case STRING -> FieldType.STRING;
          case BYTES -> FieldType.BYTES;
          case TIMESTAMP -> FieldType.TIMESTAMP;
          case LIST -> FieldType.listOf(((Node.Lists) root).elementType);
          case DURATION ->
              throw tree.error(
                  tree.root(), "a duration is no column: write .getSeconds() or the like");
          case NULL -> throw tree.error(tree.root(), "null alone has no type");
        };
    return new ColumnarExpression(cel, schema, compiler.columns(), root, type);
  }

  /**
   * The names that the expression reads, in order, without a schema: what would have to be columns.
   * Throws only if the text is no CEL.
   */
  public static List<String> columns(String cel) {
    Source source = Source.of(Objects.requireNonNull(cel, "cel is null"));
    Set<String> names = new LinkedHashSet<>();
    collect(source, source.parse().root(), new ArrayDeque<>(), names);
    return List.copyOf(names);
  }

  private static void collect(
      Source source, CelExpr expr, Deque<String> variables, Set<String> names) {
    String name = Compiler.dotted(expr);
    if (name != null) {
      if (!variables.contains(name)) {
        names.add(source.column(name));
      }
      return;
    }
    switch (expr.getKind()) {
      case SELECT -> collect(source, expr.select().operand(), variables, names);
      case LIST -> expr.list().elements().forEach(e -> collect(source, e, variables, names));
      case MAP ->
          expr.map()
              .entries()
              .forEach(
                  e -> {
                    collect(source, e.key(), variables, names);
                    collect(source, e.value(), variables, names);
                  });
      case CALL -> {
        expr.call().target().ifPresent(t -> collect(source, t, variables, names));
        List<CelExpr> args = expr.call().args();
        boolean macro =
            RowExpression.MACROS.contains(expr.call().function())
                && args.size() >= 2
                && args.get(0).getKind() == CelExpr.ExprKind.Kind.IDENT;
        if (macro) {
          variables.push(args.get(0).ident().name());
        }
        args.subList(macro ? 1 : 0, args.size()).forEach(a -> collect(source, a, variables, names));
        if (macro) {
          variables.pop();
        }
      }
      default -> {}
    }
  }

  static void checkSchema(Expression expression, RecordSchema schema, RecordBatch batch) {
    if (!batch.schema().equals(schema)) {
      throw new IllegalArgumentException(
          "Expression '"
              + expression.source()
              + "' was compiled for "
              + schema
              + ", the batch has "
              + batch.schema());
    }
  }
}
