package io.featurebeam.aggregate;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.RecordBatch;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Records on local disk, in blocks of which each covers a short time, so that only those of a
 * wanted time are read again. The file has no name once it is open: it is gone with the process.
 * Not thread-safe.
 */
public final class SpilledRecords implements Closeable {

  /** How many records a block has at most. */
  public static final int BLOCK_ROWS = 1 << 14;

  /** About how many bytes a block of more than one record has at most. */
  private static final long BLOCK_BYTES = 2L << 20;

  /** How many blocks many records make at least: of each call one is read at a time. */
  private static final int BLOCKS = 128;

  /**
   * @param first the time of its first record
   * @param last the time of its last record
   * @param bytes about what it takes in memory
   */
  private record Block(long offset, int length, long first, long last, long bytes) {}

  private final List<Block> blocks = new ArrayList<>();
  private final String time;
  private final Path folder;
  private final int blockRows;
  private final FileChannel file;
  private long written;

  /**
   * In the folder for temporary files.
   *
   * @param time the column of the records' times, without nulls
   */
  public SpilledRecords(String time) {
    this(time, Path.of(System.getProperty("java.io.tmpdir")), BLOCK_ROWS);
  }

  /**
   * @param folder where the file is
   * @param blockRows how many records a block has at most
   */
  SpilledRecords(String time, Path folder, int blockRows) {
    this.time = time;
    this.folder = folder;
    this.blockRows = blockRows;
    try {
      Path path = Files.createTempFile(folder, "featurebeam-join", ".records");
      file =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw failure("open", e);
    }
  }

  /** About how many bytes of memory records take, with the texts that they share. */
  public static long memory(RecordBatch records) {
    long bytes = records.byteSize();
    for (Column column : records.columns()) {
      bytes += shared(column instanceof ListColumn list ? list.elements() : column);
    }
    return bytes;
  }

  private static long shared(Column column) {
    return column instanceof BytesColumn b && b.isCoded() ? b.slices().byteSize() : 0;
  }

  /** Adds records of any order, and forgets the batches; each call makes blocks of its own. */
  public void addAll(Collection<RecordBatch> batches) {
    if (!batches.isEmpty()) {
      RecordBatch records = RecordBatch.concat(List.copyOf(batches));
      batches.clear();
      add(records);
    }
  }

  void add(RecordBatch records) {
    int size = records.size();
    long[] times = records.longs(time).values();
    int[] order = KeyedItems.sort(size, 1, new int[size], times, Integer::compare).order();
    long fit = BLOCK_BYTES * size / Math.max(1, records.byteSize());
    int few = Math.min(blockRows, Math.max(256, size / BLOCKS));
    int most = (int) Math.max(1, Math.min(few, fit));
    for (int at = 0; at < order.length; at += most) {
      int[] rows = Arrays.copyOfRange(order, at, Math.min(order.length, at + most));
      RecordBatch block = records.gather(rows);
      byte[] bytes = BatchCodec.encode(block);
      blocks.add(
          new Block(
              written,
              bytes.length,
              times[rows[0]],
              times[rows[rows.length - 1]],
              block.byteSize() + bytes.length));
      write(bytes);
    }
  }

  private void write(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      while (buffer.hasRemaining()) {
        written += file.write(buffer, written);
      }
    } catch (IOException e) {
      throw failure("write", e);
    }
  }

  /** About how many bytes of memory the blocks take that have records from here to there. */
  public long bytes(long from, long to) {
    long bytes = 0;
    for (Block block : blocks) {
      bytes += block.last() >= from && block.first() <= to ? block.bytes() : 0;
    }
    return bytes;
  }

  /**
   * The latest end of a time from {@code from} on, not after {@code to}, whose blocks take no more
   * than so many bytes, or than twice those of the shortest that there is.
   */
  public long end(long from, long to, long mostBytes) {
    long[] ends =
        blocks.stream()
            .flatMapToLong(b -> LongStream.of(b.last(), Math.max(b.first(), -Long.MAX_VALUE) - 1))
            .filter(end -> end >= from && end < to)
            .sorted()
            .toArray();
    if (ends.length == 0) {
      return to;
    }
    long enough = enough(from, ends[0], mostBytes);
    int low = 0;
    int high = ends.length;
    while (low < high) { // the first that takes too much
      int middle = (low + high) >>> 1;
      if (bytes(from, ends[middle]) <= enough) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == ends.length && bytes(from, to) <= enough ? to : ends[Math.max(0, low - 1)];
  }

  /** The same backwards: the earliest beginning of a time that ends with {@code to}. */
  public long beginning(long from, long to, long mostBytes) {
    long[] beginnings =
        blocks.stream()
            .flatMapToLong(
                b -> LongStream.of(b.first(), Math.min(b.last(), Long.MAX_VALUE - 1) + 1))
            .filter(beginning -> beginning > from && beginning <= to)
            .sorted()
            .toArray();
    if (beginnings.length == 0) {
      return from;
    }
    int last = beginnings.length - 1;
    long enough = enough(beginnings[last], to, mostBytes);
    int low = 0;
    int high = beginnings.length;
    while (low < high) { // the first that takes little enough
      int middle = (low + high) >>> 1;
      if (bytes(beginnings[middle], to) <= enough) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == 0 && bytes(from, to) <= enough ? from : beginnings[Math.min(low, last)];
  }

  private long enough(long from, long to, long mostBytes) {
    return isOneTime(from, to) ? mostBytes : Math.max(mostBytes, 2 * bytes(from, to));
  }

  /** Whether all blocks from here to there are of one time there. */
  public boolean isOneTime(long from, long to) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Block block : blocks) {
      if (block.last() >= from && block.first() <= to) {
        first = Math.min(first, Math.max(block.first(), from));
        last = Math.max(last, Math.min(block.last(), to));
      }
    }
    return first >= last;
  }

  /** Hands out the records of a time block by block, both ends included; none that is empty. */
  public void read(long from, long to, Consumer<RecordBatch> out) {
    for (Block block : blocks) {
      if (block.last() < from || block.first() > to) {
        continue;
      }
      RecordBatch records = read(block);
      if (block.first() < from || block.last() > to) {
        long[] times = records.longs(time).values();
        records =
            records.select(Bitmap.of(records.size(), i -> times[i] >= from && times[i] <= to));
      }
      if (records.size() > 0) {
        out.accept(records);
      }
    }
  }

  private RecordBatch read(Block block) {
    ByteBuffer buffer = ByteBuffer.allocate(block.length());
    try {
      while (buffer.hasRemaining()) {
        if (file.read(buffer, block.offset() + buffer.position()) < 0) {
          throw new IOException("it ends at " + file.size() + " of " + written + " bytes");
        }
      }
    } catch (IOException e) {
      throw failure("read", e);
    }
    return BatchCodec.decode(buffer.array());
  }

  private UncheckedIOException failure(String what, IOException e) {
    return new UncheckedIOException(
        "Cannot "
            + what
            + " records of a join in "
            + folder
            + ": "
            + (e instanceof ClosedChannelException ? "the file is closed" : e.getMessage())
            + " (a shard of more than fits into memory goes there; give java.io.tmpdir room, or the"
            + " join more shards)",
        e);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw failure("close", e);
    }
  }
}
