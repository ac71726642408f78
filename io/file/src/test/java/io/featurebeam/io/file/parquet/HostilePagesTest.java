package io.featurebeam.io.file.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files made to take memory: what a page or the footer claims is not believed beyond reason. */
class HostilePagesTest {

  @TempDir Path folder;

  /** One column of one page of nothing but zeros, packed by zstd, that claims these sizes. */
  private Path file(int values, int pageClaims, long footerClaims) throws IOException {
    byte[] packed = Zstd.compress(new byte[values * 8]);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] magic = "PAR1".getBytes(StandardCharsets.US_ASCII);
    out.write(magic);
    PageHeader header = new PageHeader(PageType.DATA_PAGE, pageClaims, packed.length);
    header.setData_page_header(
        new DataPageHeader(values, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    Util.writePageHeader(header, out);
    out.write(packed);
    ColumnMetaData column =
        new ColumnMetaData(
            Type.INT64,
            List.of(Encoding.PLAIN),
            List.of("n"),
            CompressionCodec.ZSTD,
            values,
            footerClaims,
            out.size() - magic.length,
            magic.length);
    ColumnChunk chunk = new ColumnChunk(magic.length);
    chunk.setMeta_data(column);
    SchemaElement root = new SchemaElement("m");
    root.setNum_children(1);
    SchemaElement field = new SchemaElement("n");
    field.setType(Type.INT64);
    field.setRepetition_type(FieldRepetitionType.REQUIRED);
    int footerAt = out.size();
    Util.writeFileMetaData(
        new FileMetaData(
            1,
            List.of(root, field),
            values,
            List.of(new RowGroup(List.of(chunk), footerClaims, values))),
        out);
    int length = out.size() - footerAt;
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(length >> shift);
    }
    out.write(magic);
    return Files.write(folder.resolve("hostile.parquet"), out.toByteArray());
  }

  private static String refusal(Path file) {
    String message =
        assertThrows(
                ParquetFormatException.class,
                () -> ParquetBatchReaderTest.batches(file, List.of(), 8192))
            .getMessage();
    String start = "Damaged Parquet file: " + file + ", row group 0, column 'n', row 0: ";
    assertTrue(message.startsWith(start), message);
    return message.substring(start.length());
  }

  @Test
  void aPageAsLargeAsItsChunkIsRead() throws IOException {
    int values = 1 << 18;
    Path file = file(values, values * 8, values * 8L + 30);
    assertEquals(
        values,
        ParquetBatchReaderTest.batches(file, List.of(), 8192).stream()
            .mapToInt(batch -> batch.size())
            .sum());
  }

  @Test
  void aPageLargerThanItsChunkIsRefused() throws IOException {
    assertEquals(
        "a page of 33554432 uncompressed bytes in a column chunk of 1000"
            + " (write it again, or leave it out)",
        refusal(file(1 << 22, 1 << 25, 1000)));
  }

  @Test
  void aPageBeyondTheMaximumIsRefusedWhateverTheFooterSays() throws IOException {
    assertEquals(
        "a page of 268435457 uncompressed bytes (at most 268435456) (write it again, or leave it"
            + " out)",
        refusal(file(1 << 22, (1 << 28) + 1, 1L << 40)));
  }

  @Test
  void windowsOfManyColumnsAreSmaller() throws IOException {
    Path file = Files.write(folder.resolve("bytes"), new byte[9 << 20]);
    try (ParquetInput in = ParquetInput.open(file.toString())) {
      assertEquals(8 << 20, loaded(in, 1));
      assertEquals(8 << 20, loaded(in, 8));
      assertEquals(1 << 20, loaded(in, 64));
      assertEquals(256 << 10, loaded(in, 100_000));
    }
  }

  private static int loaded(ParquetInput in, int columns) throws IOException {
    FileWindow window = new FileWindow(in, columns);
    window.until(9 << 20);
    assertEquals(0, window.load(0, 1));
    return window.bytes().length - LittleEndian.PADDING;
  }
}
