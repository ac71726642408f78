package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.PrimitiveType;

/**
 * A column of a file as this reader sees it: the primitive field at the end of a path, and how its
 * values become those of a batch column.
 *
 * <p>A value has a definition level: how many of the optional and repeated fields on its path are
 * there. It is present at {@code maxDefinition}. In a list, the row is null below {@code
 * listDefinition}, the list is empty at it, and above it there is an element, null below {@code
 * maxDefinition}.
 *
 * @param name the path with dots, without the inner groups of a list
 * @param conversion from the physical to the logical value
 * @param listDefinition the level at which a list is there but empty; meaningless if not a list
 */
record Leaf(
    String name,
    ColumnPath path,
    PrimitiveType primitive,
    Conversion conversion,
    int maxDefinition,
    int listDefinition,
    boolean isList) {

  FieldType type() {
    return isList ? FieldType.listOf(conversion.type()) : conversion.type();
  }

  Field field() {
    boolean nullable = isList ? listDefinition > 0 : maxDefinition > 0;
    return nullable ? Field.of(name, type()) : Field.required(name, type());
  }

  /** How the file's own schema would print this column's type: for errors. */
  String parquetType() {
    return primitive.getPrimitiveTypeName()
        + (primitive.getLogicalTypeAnnotation() == null
            ? ""
            : " " + primitive.getLogicalTypeAnnotation());
  }
}
