package io.featurebeam.io.file.write;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.jspecify.annotations.Nullable;

/** Writes files with the writer under test and reads them with Parquet's own record reader. */
public final class ParquetFiles {

  private ParquetFiles() {}

  public static void write(Path path, ParquetFormat format, List<RecordBatch> batches)
      throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (ParquetBatchWriter writer =
        ParquetBatchWriter.open(channel, batches.get(0).schema(), format)) {
      for (RecordBatch batch : batches) {
        writer.write(batch);
      }
    }
  }

  public static ParquetFileReader open(Path path) throws IOException {
    return ParquetFileReader.open(new LocalInputFile(path));
  }

  static ParquetReader<Group> groups(Path path) throws IOException {
    return new GroupReader(new LocalInputFile(path)).build();
  }

  /** The records of a file as values per row, in the terms of {@link RecordBatch#value}. */
  public static List<List<@Nullable Object>> read(Path path, RecordSchema schema)
      throws IOException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (ParquetReader<Group> reader = groups(path)) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int c = 0; c < schema.size(); c++) {
          row.add(value(group, c, schema.field(c)));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** The same of batches in memory; bytes as text so that rows compare by equals. */
  public static List<List<@Nullable Object>> rows(List<RecordBatch> batches) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (RecordBatch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int c = 0; c < batch.schema().size(); c++) {
          row.add(comparable(batch.column(c).value(i)));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static @Nullable Object comparable(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> result = new ArrayList<>();
      list.forEach(element -> result.add(comparable(element)));
      return result;
    }
    return value;
  }

  private static @Nullable Object value(Group group, int column, Field field) {
    if (group.getFieldRepetitionCount(column) == 0) {
      return null;
    }
    if (field.type().kind() != FieldType.Kind.LIST) {
      return simple(group, column, 0, field.type());
    }
    Group list = group.getGroup(column, 0);
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      Group element = list.getGroup(0, i);
      elements.add(
          element.getFieldRepetitionCount(0) == 0
              ? null
              : simple(element, 0, 0, field.type().element()));
    }
    return elements;
  }

  private static Object simple(Group group, int column, int index, FieldType type) {
    return switch (type.kind()) {
      case BOOLEAN -> group.getBoolean(column, index);
      case INT64, TIMESTAMP, TIME -> group.getLong(column, index);
      case DATE -> (long) group.getInteger(column, index);
      case FLOAT64 -> group.getDouble(column, index);
      case STRING -> group.getString(column, index);
      case BYTES -> HexFormat.of().formatHex(group.getBinary(column, index).getBytes());
      case LIST -> throw new IllegalStateException("a list in a list");
    };
  }

  private static final class GroupReader extends ParquetReader.Builder<Group> {
    GroupReader(InputFile file) {
      super(file, new PlainParquetConfiguration());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
