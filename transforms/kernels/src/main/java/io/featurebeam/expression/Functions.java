package io.featurebeam.expression;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import io.featurebeam.columnar.Spelling;
import io.featurebeam.expression.Compiler.NotColumnar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the language by name. A method call {@code x.f(y)} is the function of x and y.
 */
final class Functions {

  /** Functions that the CEL runtime has and no node. */
  private static final Set<String> BY_ROW =
      Set.of("bool", "bytes", "dyn", "exists_one", "filter", "map", "type");

  private static final List<String> KNOWN = known();

  private Functions() {}

  private static List<String> known() {
    List<String> names =
        new ArrayList<>(
            List.of(
                "all",
                "contains",
                "double",
                "duration",
                "endsWith",
                "exists",
                "int",
                "matches",
                "size",
                "startsWith",
                "string",
                "timestamp"));
    names.addAll(BY_ROW);
    Arrays.stream(Times.Part.values()).map(Enum::name).forEach(names::add);
    names.sort(null);
    return List.copyOf(names);
  }

  static Node call(Compiler compiler, CelExpr expr, CelCall call) {
    String name = call.function();
    if (name.equals("has")) {
      throw compiler.error(expr, "has() is about messages: write column != null");
    }
    if (!KNOWN.contains(name)) {
      throw compiler.error(expr, "Unknown function: '" + name + "'" + Spelling.hint(name, KNOWN));
    }
    if (BY_ROW.contains(name)) {
      throw new NotColumnar(name + "()");
    }
    List<CelExpr> arguments = new ArrayList<>();
    call.target().ifPresent(arguments::add);
    arguments.addAll(call.args());
    List<Node> args = arguments.stream().map(compiler::compile).toList();
    Node node = args.size() == 1 ? ofOne(compiler, expr, name, args.get(0)) : null;
    if (args.size() == 2) {
      node = ofTwo(compiler, expr, name, args.get(0), args.get(1));
    }
    if (node == null) {
      throw compiler.error(
          expr,
          name
              + " does not take ("
              + String.join(", ", args.stream().map(a -> a.kind.toString()).toList())
              + ")");
    }
    return node;
  }

  private static @Nullable Node ofOne(Compiler compiler, CelExpr expr, String name, Node a) {
    for (Times.Part part : Times.Part.values()) {
      if (part.name().equals(name)) {
        boolean takes = a.kind == Kind.TIMESTAMP || (a.kind == Kind.DURATION && part.ofDuration());
        return takes ? new Times.PartOf(part, (Node.Longs) a) : null;
      }
    }
    return switch (name) {
      case "size" ->
          a instanceof Node.Texts text
              ? new Conversions.SizeOfText(text)
              : a instanceof Node.Lists list ? new ListNodes.Size(list) : null;
      case "int" -> toInt(a);
      case "double" -> toDouble(a);
      case "string" -> toText(a);
      case "timestamp" -> toTimestamp(compiler, expr, a);
      case "duration" ->
          a.kind == Kind.DURATION
              ? a
              : parsed(
                  compiler,
                  expr,
                  Kind.DURATION,
                  a,
                  Times::duration,
                  "a duration such as 90s, 1h30m");
      default -> null;
    };
  }

  private static @Nullable Node toInt(Node a) {
    return switch (a.kind) {
      case INT -> a;
      case DOUBLE -> new Conversions.DoubleToLong((Node.Doubles) a);
      case TIMESTAMP -> new Conversions.TimestampToSeconds((Node.Longs) a);
      case STRING -> new Conversions.ParsedLongs(Kind.INT, (Node.Texts) a, Functions::parseLong);
      case BOOLEAN, BYTES, DURATION, LIST, NULL -> null;
    };
  }

  private static @Nullable Node toDouble(Node a) {
    return switch (a.kind) {
      case INT, DOUBLE -> Compiler.toDouble(a);
      case STRING -> new Conversions.ParsedDoubles((Node.Texts) a, Functions::parseDouble);
      case BOOLEAN, BYTES, TIMESTAMP, DURATION, LIST, NULL -> null;
    };
  }

  private static @Nullable Node toText(Node a) {
    return switch (a.kind) {
      case STRING -> a;
      case BOOLEAN, INT, DOUBLE, TIMESTAMP -> new Conversions.ToText(a);
      case BYTES, DURATION -> throw new NotColumnar("string(" + a.kind + ")");
      case LIST, NULL -> null;
    };
  }

  private static @Nullable Node toTimestamp(Compiler compiler, CelExpr expr, Node a) {
    if (a.kind == Kind.TIMESTAMP) {
      return a;
    }
    if (a.kind == Kind.INT) { // seconds since 1970
      return new Arithmetic.OfLongs(
          Arithmetic.Operator.MULTIPLY,
          Kind.TIMESTAMP,
          (Node.Longs) a,
          new Constants.LongConstant(Kind.INT, Times.SECOND));
    }
    return parsed(
        compiler,
        expr,
        Kind.TIMESTAMP,
        a,
        Times::timestamp,
        "a timestamp such as 2001-01-31T09:30:00Z, to the microsecond");
  }

  /**
   * A literal is parsed now, so that a bad one is an error; strings of a column later, a bad one is
   * null.
   */
  private static @Nullable Node parsed(
      Compiler compiler,
      CelExpr expr,
      Kind kind,
      Node a,
      Conversions.Parser parser,
      String wanted) {
    if (a.kind != Kind.STRING) {
      return null;
    }
    if (a instanceof Constants.TextConstant constant) {
      Long value = parser.parse(constant.string());
      if (value == null) {
        throw compiler.error(
            expr, "Invalid " + kind + ": '" + constant.string() + "' (must be " + wanted + ")");
      }
      return new Constants.LongConstant(kind, value);
    }
    return new Conversions.ParsedLongs(kind, (Node.Texts) a, parser);
  }

  private static @Nullable Node ofTwo(
      Compiler compiler, CelExpr expr, String name, Node a, Node b) {
    if (a.kind == Kind.TIMESTAMP && b.kind == Kind.STRING && name.startsWith("get")) {
      throw new NotColumnar(name + " in a time zone");
    }
    if (a.kind != Kind.STRING || b.kind != Kind.STRING) {
      return null;
    }
    if (!Set.of("startsWith", "endsWith", "contains", "matches").contains(name)) {
      return null;
    }
    if (!(b instanceof Constants.TextConstant constant)) {
      throw new NotColumnar(name + " of two columns");
    }
    Node.Texts text = (Node.Texts) a;
    return switch (name) {
      case "startsWith" -> new TextPredicates.StartsWith(text, constant.value);
      case "endsWith" -> new TextPredicates.EndsWith(text, constant.value);
      case "contains" -> new TextPredicates.Contains(text, constant.value);
      default -> {
        try {
          yield new TextPredicates.Matches(text, Regex.compile(constant.string()));
        } catch (IllegalArgumentException e) {
          throw compiler.error(expr, String.valueOf(e.getMessage()));
        }
      }
    };
  }

  private static @Nullable Long parseLong(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Long parseDouble(String text) {
    try {
      return Double.doubleToRawLongBits(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
