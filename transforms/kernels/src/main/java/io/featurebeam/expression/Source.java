package io.featurebeam.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelParser;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of an expression: parses it, and points at the place of an error. */
final class Source {

  private static final int MAX_LENGTH = 10_000;
  private static final int MAX_DEPTH = 100;
  private static final int SHOWN = 72;

  private static final Pattern EXPECTING = Pattern.compile(" expecting \\{.*", Pattern.DOTALL);
  private static final Pattern FOUND =
      Pattern.compile(
          "(?:mismatched|extraneous|no viable alternative at) input '(.*)'"
              + "|token recognition error at: '(.*)'",
          Pattern.DOTALL);

  static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(MAX_LENGTH)
          .maxParseRecursionDepth(MAX_DEPTH)
          .maxParseErrorRecoveryLimit(1)
          .comprehensionMaxIterations(100_000)
          .enableTimestampEpoch(true)
          .enableHeterogeneousNumericComparisons(true)
          .evaluateCanonicalTypesToNativeValues(true)
          .build();

  private static final CelParser PARSER =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .setStandardMacros()
          .build();

  private final Names names;

  private Source(Names names) {
    this.names = names;
  }

  static Source of(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("Invalid expression: '' (must not be empty)");
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "Invalid expression: "
              + text.length()
              + " characters (must be at most "
              + MAX_LENGTH
              + "): "
              + text.substring(0, 60)
              + "...");
    }
    return new Source(Names.of(text));
  }

  /** The text as written. */
  String text() {
    return names.original();
  }

  /** The text as CEL reads it: quoted names replaced by identifiers. */
  String celText() {
    return names.text();
  }

  /** The column that an identifier of {@link #celText()} stands for. */
  String column(String identifier) {
    return names.column(identifier);
  }

  Map<String, String> identifiers() {
    return names.identifiers();
  }

  /** The syntax tree with macros left as calls. */
  Tree parse() {
    CelValidationResult result = PARSER.parse(celText());
    try {
      return new Tree(this, result.getAst());
    } catch (CelValidationException e) {
      throw error(result);
    }
  }

  IllegalArgumentException error(CelValidationResult result) {
    if (result.getErrors().isEmpty()) {
      return new IllegalArgumentException("Invalid expression: " + text());
    }
    CelIssue issue = result.getErrors().get(0);
    int line = issue.getSourceLocation().getLine();
    int column = issue.getSourceLocation().getColumn();
    if (line < 1 || column < 0) {
      return new IllegalArgumentException(
          "Invalid expression: " + issue.getMessage() + "\n  " + shown(text(), 0).text());
    }
    return error(line, column, readable(issue.getMessage()));
  }

  /** ANTLR's message without its list of tokens. */
  private static String readable(String message) {
    String text = EXPECTING.matcher(message.strip()).replaceFirst("");
    Matcher found = FOUND.matcher(text);
    if (!found.find()) {
      return text;
    }
    String token = found.group(1) != null ? found.group(1) : found.group(2);
    if (token.endsWith("<EOF>")) {
      return "the expression ends too early";
    }
    return "unexpected '"
        + token.strip()
        + "'"
        + (token.startsWith("=") ? " (equality is ==)" : "");
  }

  /** An error at an offset in code points. */
  IllegalArgumentException error(int offset, String reason) {
    int line = 1;
    int column = 0;
    int[] codePoints = text().codePoints().toArray();
    for (int i = 0; i < Math.min(offset, codePoints.length); i++) {
      column++;
      if (codePoints[i] == '\n') {
        line++;
        column = 0;
      }
    }
    return error(line, column, reason);
  }

  private IllegalArgumentException error(int line, int column, String reason) {
    String[] lines = text().split("\n", -1);
    Shown shown = shown(lines[Math.min(line, lines.length) - 1], column);
    return new IllegalArgumentException(
        "Invalid expression at "
            + (lines.length > 1 ? "line " + line + ", " : "")
            + "column "
            + (column + 1)
            + ": "
            + reason
            + "\n  "
            + shown.text()
            + "\n  "
            + " ".repeat(shown.caret())
            + "^");
  }

  private record Shown(String text, int caret) {}

  /**
   * The part of a line around a column, control characters replaced so that the caret stays true.
   */
  private static Shown shown(String line, int column) {
    int[] codePoints = line.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).toArray();
    int from = Math.max(0, Math.min(column - SHOWN / 2, codePoints.length - SHOWN));
    int to = Math.min(codePoints.length, from + SHOWN);
    String text = new String(codePoints, from, to - from);
    return new Shown(
        (from > 0 ? "..." : "") + text + (to < codePoints.length ? "..." : ""),
        (from > 0 ? 3 : 0) + Math.max(0, Math.min(column, codePoints.length) - from));
  }

  /** A parsed expression. */
  record Tree(Source source, CelAbstractSyntaxTree ast) {
    CelExpr root() {
      return ast.getExpr();
    }

    IllegalArgumentException error(CelExpr at, String reason) {
      Integer offset = ast.getSource().getPositionsMap().get(at.id());
      return source.error(offset == null ? 0 : offset, reason);
    }
  }
}
