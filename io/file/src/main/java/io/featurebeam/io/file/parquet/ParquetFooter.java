package io.featurebeam.io.file.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;

/** What the end of a file says about it: schema and row groups. */
final class ParquetFooter {

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ENCRYPTED = "PARE".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL = 8;

  /** The way out of a file that is not whole. */
  static final String WAY_OUT = "write it again, or leave it out";

  private final String file;
  private final long length;
  private final MessageType schema;
  private final List<BlockMetaData> rowGroups;

  /** The number in the file of each row group's first row, and behind it the rows in all. */
  private final long[] firstRows;

  private ParquetFooter(
      String file,
      long length,
      MessageType schema,
      List<BlockMetaData> rowGroups,
      long[] firstRows) {
    this.file = file;
    this.length = length;
    this.schema = schema;
    this.rowGroups = rowGroups;
    this.firstRows = firstRows;
  }

  /** Reads and checks the footer; whatever is wrong with the file is said with its name. */
  static ParquetFooter read(ParquetInput in) throws IOException {
    String name = in.name();
    if (in.length() == 0) {
      throw new ParquetFormatException(
          "Not a Parquet file: " + name + " is empty (0 bytes; " + WAY_OUT + ")");
    }
    if (in.length() < MAGIC.length + TAIL) {
      throw notParquet(name, "has only " + in.length() + " bytes (is it of another format?)");
    }
    byte[] tail = new byte[TAIL];
    in.read(in.length() - TAIL, tail, 0, TAIL);
    byte[] endMark = Arrays.copyOfRange(tail, 4, TAIL);
    if (Arrays.equals(endMark, ENCRYPTED)) {
      throw new ParquetFormatException(
          "Cannot read " + name + ": its footer is encrypted (decrypt the file first)");
    }
    if (!Arrays.equals(endMark, MAGIC)) {
      byte[] head = new byte[MAGIC.length];
      in.read(0, head, 0, head.length);
      if (Arrays.equals(head, MAGIC)) {
        throw new ParquetFormatException(
            "Truncated Parquet file: "
                + name
                + " ("
                + in.length()
                + " bytes) does not end with the mark PAR1 (was its writer interrupted? then "
                + WAY_OUT
                + ")");
      }
      throw notParquet(name, "does not end with the mark PAR1 (is it of another format?)");
    }
    long footerLength = LittleEndian.intAt(tail, 0) & 0xFFFFFFFFL;
    if (footerLength > in.length() - MAGIC.length - TAIL) {
      throw new ParquetFormatException(
          "Truncated Parquet file: "
              + name
              + " has "
              + in.length()
              + " bytes but a footer of "
              + footerLength
              + " (was its writer interrupted? then "
              + WAY_OUT
              + ")");
    }
    byte[] bytes = new byte[(int) footerLength];
    in.read(in.length() - TAIL - footerLength, bytes, 0, bytes.length);
    return parse(name, in.length(), bytes);
  }

  private static ParquetFooter parse(String name, long length, byte[] bytes) {
    ParquetMetadata metadata;
    try {
      metadata =
          new ParquetMetadataConverter()
              .fromParquetMetadata(Util.readFileMetaData(new ByteArrayInputStream(bytes)));
    } catch (IOException | RuntimeException e) {
      throw new ParquetFormatException(
          "Damaged Parquet file: " + name + " has a broken footer (" + WAY_OUT + ")", e);
    }
    List<BlockMetaData> rowGroups = metadata.getBlocks();
    long[] firstRows = new long[rowGroups.size() + 1];
    for (int i = 0; i < rowGroups.size(); i++) {
      long rows = rowGroups.get(i).getRowCount();
      if (rows < 0 || rows > Long.MAX_VALUE - firstRows[i]) {
        throw new ParquetFormatException(
            "Damaged Parquet file: "
                + name
                + " row group "
                + i
                + " has "
                + rows
                + " rows ("
                + WAY_OUT
                + ")");
      }
      firstRows[i + 1] = firstRows[i] + rows;
    }
    return new ParquetFooter(
        name, length, metadata.getFileMetaData().getSchema(), rowGroups, firstRows);
  }

  private static ParquetFormatException notParquet(String name, String why) {
    return new ParquetFormatException("Not a Parquet file: " + name + " " + why);
  }

  String file() {
    return file;
  }

  /** In bytes. */
  long length() {
    return length;
  }

  MessageType schema() {
    return schema;
  }

  /** In file order. */
  List<BlockMetaData> rowGroups() {
    return rowGroups;
  }

  /** The number in the file of a row group's first row, counted from 0. */
  long firstRow(int rowGroup) {
    return firstRows[rowGroup];
  }
}
