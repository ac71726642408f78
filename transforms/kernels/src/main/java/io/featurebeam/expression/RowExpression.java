package io.featurebeam.expression;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An expression on the CEL runtime, a record at a time: for what has no node, and as the measure
 * that the nodes are tested against. An evaluation that fails, as on a null operand, gives null.
 */
final class RowExpression implements Expression {

  static final Set<String> MACROS = Set.of("all", "exists", "exists_one", "map", "filter");

  private final String source;
  private final RecordSchema schema;
  private final Map<String, String> identifiers;
  private final FieldType type;
  private final CelRuntime.Program program;

  private RowExpression(
      String source,
      RecordSchema schema,
      Map<String, String> identifiers,
      FieldType type,
      CelRuntime.Program program) {
    this.source = source;
    this.schema = schema;
    this.identifiers = identifiers;
    this.type = type;
    this.program = program;
  }

  static RowExpression compile(Source source, RecordSchema schema, List<String> columns) {
    Map<String, String> identifiers = new HashMap<>();
    CelBuilder builder =
        CelFactory.standardCelBuilder()
            .setOptions(Source.OPTIONS)
            .setStandardMacros(
                CelStandardMacro.ALL,
                CelStandardMacro.EXISTS,
                CelStandardMacro.EXISTS_ONE,
                CelStandardMacro.MAP,
                CelStandardMacro.MAP_FILTER,
                CelStandardMacro.FILTER);
    for (String column : columns) {
      if (schema.contains(column)) {
        String identifier = identifier(source, column);
        identifiers.put(identifier, column);
        builder.addVar(identifier, celType(schema.field(column).type()));
      }
    }
    Cel cel = builder.build();
    CelValidationResult result = cel.compile(source.celText());
    try {
      CelAbstractSyntaxTree ast = result.getAst();
      FieldType type = fieldType(source, ast.getResultType());
      return new RowExpression(
          source.text(), schema, Map.copyOf(identifiers), type, cel.createProgram(ast));
    } catch (CelValidationException e) {
      throw source.error(result);
    } catch (CelEvaluationException e) {
      throw new IllegalArgumentException("Invalid expression: " + e.getMessage(), e);
    }
  }

  private static String identifier(Source source, String column) {
    return source.identifiers().entrySet().stream()
        .filter(e -> e.getValue().equals(column))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(column);
  }

  private static CelType celType(FieldType type) {
    return switch (type.kind()) {
      case BOOLEAN -> SimpleType.BOOL;
      case INT64 -> SimpleType.INT;
      case FLOAT64 -> SimpleType.DOUBLE;
      case STRING -> SimpleType.STRING;
      case BYTES -> SimpleType.BYTES;
      case TIMESTAMP, DATE -> SimpleType.TIMESTAMP;
      case TIME -> SimpleType.DURATION;
      case LIST -> ListType.create(celType(type.element()));
    };
  }

  private static FieldType fieldType(Source source, CelType type) {
    return switch (type.kind()) {
      case BOOL -> FieldType.BOOLEAN;
      case INT -> FieldType.INT64;
      case DOUBLE -> FieldType.FLOAT64;
      case STRING -> FieldType.STRING;
      case BYTES -> FieldType.BYTES;
      case TIMESTAMP -> FieldType.TIMESTAMP;
      case LIST -> {
        FieldType element = fieldType(source, ((ListType) type).elemType());
        if (element.kind() == FieldType.Kind.LIST) {
          throw source.error(0, "the result is a list of lists, which no column holds");
        }
        yield FieldType.listOf(element);
      }
      default ->
          throw source.error(0, "the result is a " + type.name() + ", which no column holds");
    };
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public FieldType type() {
    return type;
  }

  @Override
  public List<String> columns() {
    return identifiers.values().stream().sorted().toList();
  }

  @Override
  public Column evaluate(RecordBatch batch) {
    Expressions.checkSchema(this, schema, batch);
    ColumnBuilder result = ColumnBuilder.of(type);
    Map<String, Object> variables = new HashMap<>();
    for (int row = 0; row < batch.size(); row++) {
      result.append(evaluate(batch, row, variables));
    }
    return result.build();
  }

  private @Nullable Object evaluate(RecordBatch batch, int row, Map<String, Object> variables) {
    try {
      for (Map.Entry<String, String> entry : identifiers.entrySet()) {
        Field field = schema.field(entry.getValue());
        Object value = batch.value(row, entry.getValue());
        variables.put(entry.getKey(), toCel(field.type(), value));
      }
      return fromCel(type, program.eval(variables));
    } catch (CelEvaluationException
        | ArithmeticException
        | DateTimeException
        | IllegalArgumentException e) {
      return null; // what cannot be computed for a record is null
    }
  }

  private static Object toCel(FieldType type, @Nullable Object value) {
    if (value == null) {
      return NullValue.NULL_VALUE;
    }
    return switch (type.kind()) {
      case BYTES -> CelByteString.of((byte[]) value);
      case TIMESTAMP -> timestamp((Long) value);
      case DATE -> timestamp(Math.multiplyExact((Long) value, Times.DAY));
      case TIME ->
          Duration.newBuilder()
              .setSeconds((Long) value / Times.SECOND)
              .setNanos((int) ((Long) value % Times.SECOND) * 1000)
              .build();
      case LIST -> {
        List<Object> elements = new ArrayList<>();
        for (Object element : (List<?>) value) {
          elements.add(toCel(type.element(), element));
        }
        yield elements;
      }
      case BOOLEAN, INT64, FLOAT64, STRING -> value;
    };
  }

  private static Timestamp timestamp(long micros) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(micros, Times.SECOND))
        .setNanos((int) Math.floorMod(micros, Times.SECOND) * 1000)
        .build();
  }

  private static @Nullable Object fromCel(FieldType type, Object value) {
    if (value instanceof CelByteString bytes) {
      return bytes.toByteArray();
    }
    if (value instanceof Timestamp time) {
      return Math.addExact(
          Math.multiplyExact(time.getSeconds(), Times.SECOND), time.getNanos() / 1000L);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> elements = new ArrayList<>();
      for (Object element : list) {
        elements.add(fromCel(type.element(), element));
      }
      return elements;
    }
    return value instanceof NullValue ? null : value;
  }
}
