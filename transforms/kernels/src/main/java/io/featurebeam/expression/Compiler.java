package io.featurebeam.expression;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a syntax tree into nodes, checking types as it goes. Numbers meet as float64 if either is,
 * also where CEL proper would ask for {@code double()}.
 */
final class Compiler {

  private static final int MAX_DEPTH = 250;
  private static final int MAX_MACROS = 2;

  /** A part of the language that has no node; the caller takes the CEL runtime. */
  static final class NotColumnar extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotColumnar(String what) {
      super(what, null, false, false);
    }
  }

  /** A variable of a list macro. */
  private record Variable(String name, FieldType type) {}

  private final Source.Tree tree;
  private final RecordSchema schema;
  private final List<Variable> variables = new ArrayList<>();
  private final Set<String> columns = new LinkedHashSet<>();
  private int depth;

  Compiler(Source.Tree tree, RecordSchema schema) {
    this.tree = tree;
    this.schema = schema;
  }

  Node compile() {
    return compile(tree.root());
  }

  /** The columns that the compiled nodes read. */
  List<String> columns() {
    return List.copyOf(columns);
  }

  Node compile(CelExpr expr) {
    if (++depth > MAX_DEPTH) {
      throw tree.error(expr, "nested more than " + MAX_DEPTH + " deep");
    }
    Node node =
        switch (expr.getKind()) {
          case CONSTANT -> constant(expr, expr.constant());
          case IDENT, SELECT -> name(expr);
          case CALL -> call(expr, expr.call());
          case LIST, MAP -> throw new NotColumnar("a list or map as a value");
          case STRUCT -> throw error(expr, "messages are not supported");
          case COMPREHENSION, NOT_SET -> throw new NotColumnar(expr.getKind().toString());
        };
    depth--;
    return node;
  }

  IllegalArgumentException error(CelExpr at, String reason) {
    return tree.error(at, reason);
  }

  private Node constant(CelExpr expr, CelConstant constant) {
    return switch (constant.getKind()) {
      case NULL_VALUE -> new Node.Null();
      case BOOLEAN_VALUE -> new Constants.BooleanConstant(constant.booleanValue());
      case INT64_VALUE -> new Constants.LongConstant(Kind.INT, constant.int64Value());
      case DOUBLE_VALUE -> new Constants.DoubleConstant(constant.doubleValue());
      case STRING_VALUE -> Constants.TextConstant.of(constant.stringValue());
      case BYTES_VALUE ->
          new Constants.TextConstant(Kind.BYTES, constant.bytesValue().toByteArray());
      case UINT64_VALUE ->
          throw error(expr, "unsigned numbers are not supported: leave out the 'u'");
      default -> throw new NotColumnar(constant.getKind().toString());
    };
  }

  /** A variable, or a column; {@code a.b} is the column of that dotted name. */
  private Node name(CelExpr expr) {
    String name = dotted(expr);
    if (name == null) {
      throw new NotColumnar("a field of a computed value");
    }
    for (int v = variables.size() - 1; v >= 0; v--) {
      if (variables.get(v).name().equals(name)) {
        return Inputs.variable(variables.size() - 1 - v, variables.get(v).type());
      }
    }
    String column = tree.source().column(name);
    if (!schema.contains(column)) {
      throw error(expr, "Unknown column: '" + column + "'" + Spelling.hint(column, schema.names()));
    }
    columns.add(column);
    int index = schema.indexOf(column);
    return Inputs.column(index, schema.field(index).type());
  }

  /** {@code a.b.c} for a chain of selections, null for anything else. */
  static @Nullable String dotted(CelExpr expr) {
    if (expr.getKind() == CelExpr.ExprKind.Kind.IDENT) {
      return expr.ident().name();
    }
    if (expr.getKind() != CelExpr.ExprKind.Kind.SELECT || expr.select().testOnly()) {
      return null;
    }
    String operand = dotted(expr.select().operand());
    return operand == null ? null : operand + "." + expr.select().field();
  }

  private Node call(CelExpr expr, CelCall call) {
    List<CelExpr> args = call.args();
    return switch (call.function()) {
      case "_&&_" -> new Logic.And(bool(args.get(0), "&&"), bool(args.get(1), "&&"));
      case "_||_" -> new Logic.Or(bool(args.get(0), "||"), bool(args.get(1), "||"));
      case "!_" -> new Logic.Not(bool(args.get(0), "!"));
      case "_?_:_" -> choose(expr, args);
      case "_==_" -> equal(expr, compile(args.get(0)), compile(args.get(1)));
      case "_!=_" -> new Logic.Not(equal(expr, compile(args.get(0)), compile(args.get(1))));
      case "_<_" -> order(expr, Comparisons.Operator.LESS, false);
      case "_<=_" -> order(expr, Comparisons.Operator.LESS_OR_EQUAL, false);
      case "_>_" -> order(expr, Comparisons.Operator.LESS, true);
      case "_>=_" -> order(expr, Comparisons.Operator.LESS_OR_EQUAL, true);
      case "_+_" -> arithmetic(expr, Arithmetic.Operator.ADD, "+");
      case "_-_" -> arithmetic(expr, Arithmetic.Operator.SUBTRACT, "-");
      case "_*_" -> arithmetic(expr, Arithmetic.Operator.MULTIPLY, "*");
      case "_/_" -> arithmetic(expr, Arithmetic.Operator.DIVIDE, "/");
      case "_%_" -> arithmetic(expr, Arithmetic.Operator.REMAINDER, "%");
      case "-_" -> negate(expr, compile(args.get(0)));
      case "@in" -> in(expr, args.get(0), args.get(1));
      case "_[_]" -> index(expr, args);
      case "exists", "all" -> macro(expr, call);
      default -> Functions.call(this, expr, call);
    };
  }

  Node.Booleans bool(CelExpr expr, String operator) {
    Node node = compile(expr);
    if (node.kind == Kind.NULL) {
      node = Constants.nulls(new Constants.BooleanConstant(false));
    }
    if (!(node instanceof Node.Booleans booleans)) {
      throw error(
          expr,
          operator
              + " takes booleans, not "
              + node.kind
              + (node.kind.isNumeric() ? ": compare it, as in != 0" : ""));
    }
    return booleans;
  }

  private Node choose(CelExpr expr, List<CelExpr> args) {
    Node.Booleans condition = bool(args.get(0), "?:");
    Node a = compile(args.get(1));
    Node b = compile(args.get(2));
    if (a.kind == Kind.NULL) {
      a = Constants.nulls(b);
    } else if (b.kind == Kind.NULL) {
      b = Constants.nulls(a);
    }
    if (a.kind.isNumeric() && b.kind.isNumeric() && a.kind != b.kind) {
      a = toDouble(a);
      b = toDouble(b);
    }
    if (a.kind != b.kind) {
      throw error(expr, "the branches of ?: are " + a.kind + " and " + b.kind + " (must be alike)");
    }
    if (a.kind == Kind.LIST) {
      throw new NotColumnar("?: of lists");
    }
    if (a.kind == Kind.NULL) {
      throw error(expr, "both branches of ?: are null");
    }
    return Logic.choose(condition, a, b);
  }

  /** {@code a == b}; with a null literal never null itself. */
  private Node.Booleans equal(CelExpr expr, Node a, Node b) {
    if (a.kind == Kind.NULL || b.kind == Kind.NULL) {
      return new Logic.IsNull(a.kind == Kind.NULL ? b : a);
    }
    if (a instanceof Node.Booleans x && b instanceof Node.Booleans y) {
      return new Logic.Same(x, y);
    }
    if (b instanceof Constants.TextConstant constant && a.kind == b.kind) {
      return TextPredicates.equal((Node.Texts) a, constant.value);
    }
    if (a instanceof Constants.TextConstant constant && a.kind == b.kind) {
      return TextPredicates.equal((Node.Texts) b, constant.value);
    }
    return compare(expr, Comparisons.Operator.EQUAL, a, b, false);
  }

  private Node order(CelExpr expr, Comparisons.Operator operator, boolean swap) {
    Node a = compile(expr.call().args().get(0));
    Node b = compile(expr.call().args().get(1));
    if (a.kind == Kind.NULL || b.kind == Kind.NULL) {
      throw error(expr, "null has no order: use == null or != null");
    }
    return compare(expr, operator, a, b, swap);
  }

  /** {@code a operator b}, or with {@code swap} {@code b operator a}. */
  private Node.Booleans compare(
      CelExpr expr, Comparisons.Operator operator, Node a, Node b, boolean swap) {
    if (a.kind.isNumeric() && b.kind.isNumeric() && a.kind != b.kind) {
      return compare(expr, operator, toDouble(a), toDouble(b), swap);
    }
    if (a.kind != b.kind) {
      boolean time = a.kind == Kind.TIMESTAMP || b.kind == Kind.TIMESTAMP;
      boolean text = a.kind == Kind.STRING || b.kind == Kind.STRING;
      String way = time && text ? ": write timestamp('2001-01-31T00:00:00Z')" : "";
      throw error(expr, "cannot compare " + a.kind + " with " + b.kind + way);
    }
    if (a.kind == Kind.LIST || a.kind == Kind.BOOLEAN) {
      throw new NotColumnar("comparison of " + a.kind);
    }
    return swap ? Comparisons.of(operator, b, a) : Comparisons.of(operator, a, b);
  }

  private Node arithmetic(CelExpr expr, Arithmetic.Operator operator, String symbol) {
    Node a = compile(expr.call().args().get(0));
    Node b = compile(expr.call().args().get(1));
    boolean add = operator == Arithmetic.Operator.ADD;
    boolean sum = add || operator == Arithmetic.Operator.SUBTRACT;
    if (a.kind == Kind.INT && b.kind == Kind.INT) {
      return new Arithmetic.OfLongs(operator, Kind.INT, (Node.Longs) a, (Node.Longs) b);
    }
    if (a.kind.isNumeric() && b.kind.isNumeric()) {
      if (operator == Arithmetic.Operator.REMAINDER) {
        throw error(expr, "% takes int64: convert with int()");
      }
      return new Arithmetic.OfDoubles(operator, toDouble(a), toDouble(b));
    }
    if (add && a.kind == b.kind && a instanceof Node.Texts x && b instanceof Node.Texts y) {
      return new Concatenation(x, y);
    }
    if (add && a.kind == Kind.LIST && b.kind == Kind.LIST) {
      throw new NotColumnar("concatenation of lists");
    }
    if (sum && b.kind == Kind.DURATION && (a.kind == Kind.TIMESTAMP || a.kind == Kind.DURATION)) {
      return new Arithmetic.OfLongs(operator, a.kind, (Node.Longs) a, (Node.Longs) b);
    }
    if (add && a.kind == Kind.DURATION && b.kind == Kind.TIMESTAMP) {
      return new Arithmetic.OfLongs(operator, b.kind, (Node.Longs) a, (Node.Longs) b);
    }
    if (sum && !add && a.kind == Kind.TIMESTAMP && b.kind == Kind.TIMESTAMP) {
      return new Arithmetic.OfLongs(operator, Kind.DURATION, (Node.Longs) a, (Node.Longs) b);
    }
    throw error(expr, "cannot compute " + a.kind + " " + symbol + " " + b.kind);
  }

  private Node negate(CelExpr expr, Node a) {
    if (a instanceof Node.Doubles doubles) {
      return new Arithmetic.NegateDoubles(doubles);
    }
    if (a.kind == Kind.INT) {
      return new Arithmetic.OfLongs(
          Arithmetic.Operator.SUBTRACT,
          a.kind,
          new Constants.LongConstant(a.kind, 0),
          (Node.Longs) a);
    }
    throw error(expr, "cannot negate " + a.kind);
  }

  private Node in(CelExpr expr, CelExpr value, CelExpr list) {
    if (list.getKind() == CelExpr.ExprKind.Kind.LIST) {
      List<Node> elements = list.list().elements().stream().map(this::compile).toList();
      return inLiteral(expr, compile(value), elements);
    }
    Node node = compile(list);
    if (!(node instanceof Node.Lists lists)) {
      throw error(expr, "in takes a list on its right, not " + node.kind);
    }
    Node x = compile(value);
    Node element = Inputs.variable(0, lists.elementType);
    if (x.kind.isNumeric() && element.kind.isNumeric() && x.kind != element.kind) {
      x = toDouble(x);
      element = toDouble(element);
    }
    if (x.kind != element.kind) {
      throw error(
          expr,
          x.kind == Kind.NULL
              ? "null is in no list: use list.exists(x, x == null)"
              : "cannot look for " + x.kind + " in a list of " + element.kind);
    }
    return new ListNodes.In(x, lists, element);
  }

  private Node inLiteral(CelExpr expr, Node x, List<Node> elements) {
    if (x.kind == Kind.NULL || elements.stream().anyMatch(e -> e.kind == Kind.NULL)) {
      throw error(expr, "null is in no list: use == null");
    }
    if (x instanceof Node.Texts text
        && elements.stream()
            .allMatch(e -> e instanceof Constants.TextConstant && e.kind == x.kind)) {
      return new TextPredicates.In(
          text, elements.stream().map(e -> ((Constants.TextConstant) e).value).toList());
    }
    if (x instanceof Node.Longs longs
        && elements.stream()
            .allMatch(e -> e instanceof Constants.LongConstant && e.kind == x.kind)) {
      return new NumberSets.OfLongs(
          longs, elements.stream().mapToLong(e -> ((Constants.LongConstant) e).value).toArray());
    }
    if (x.kind.isNumeric()
        && elements.stream().allMatch(e -> e.kind.isNumeric() && e.isConstant())) {
      return new NumberSets.OfDoubles(
          toDouble(x),
          elements.stream()
              .mapToDouble(e -> ((Constants.DoubleConstant) toDouble(e)).value)
              .toArray());
    }
    Node.Booleans any = new Constants.BooleanConstant(false);
    for (Node element : elements) {
      any = new Logic.Or(any, equal(expr, x, element));
    }
    return any;
  }

  private Node index(CelExpr expr, List<CelExpr> args) {
    Node list = compile(args.get(0));
    Node index = compile(args.get(1));
    if (!(list instanceof Node.Lists lists)) {
      throw error(expr, "[] takes a list, not " + list.kind);
    }
    if (index.kind != Kind.INT) {
      throw error(expr, "an index must be int64, not " + index.kind);
    }
    return ListNodes.index(lists, (Node.Longs) index);
  }

  private Node macro(CelExpr expr, CelCall call) {
    if (call.target().isEmpty() || call.args().size() != 2) {
      throw error(expr, call.function() + " is written list." + call.function() + "(x, x > 0)");
    }
    Node list = compile(call.target().get());
    if (!(list instanceof Node.Lists lists)) {
      throw error(expr, call.function() + " takes a list, not " + list.kind);
    }
    CelExpr variable = call.args().get(0);
    if (variable.getKind() != CelExpr.ExprKind.Kind.IDENT) {
      throw error(variable, "must be a name for the elements");
    }
    enter(expr, new Variable(variable.ident().name(), lists.elementType));
    Node.Booleans predicate = bool(call.args().get(1), call.function());
    leave();
    return new ListNodes.Any(lists, predicate, call.function().equals("all"));
  }

  private void enter(CelExpr expr, Variable variable) {
    if (variables.size() == MAX_MACROS) {
      throw error(expr, "lists nest more than " + MAX_MACROS + " deep in exists or all");
    }
    variables.add(variable);
  }

  private void leave() {
    variables.remove(variables.size() - 1);
  }

  /** An int64 or float64 node as float64. */
  static Node.Doubles toDouble(Node node) {
    if (node instanceof Constants.LongConstant constant) {
      return new Constants.DoubleConstant(constant.value);
    }
    return node instanceof Node.Doubles doubles
        ? doubles
        : new Conversions.LongToDouble((Node.Longs) node);
  }
}
