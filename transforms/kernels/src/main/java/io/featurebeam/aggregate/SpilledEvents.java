package io.featurebeam.aggregate;

import io.featurebeam.columnar.BatchCodec;
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
import java.util.List;
import java.util.function.Consumer;

/**
 * Events on local disk, in blocks of which each covers a short time, so that only those of a wanted
 * time are read again. The file has no name once it is open: it is gone with the process. Not
 * thread-safe.
 */
final class SpilledEvents implements Closeable {

  /**
   * @param first the time of its first event
   * @param last the time of its last event
   * @param bytes about what it takes in memory
   */
  private record Block(long offset, int length, long first, long last, long bytes) {}

  private final List<Block> blocks = new ArrayList<>();
  private final Path folder;
  private final int blockRows;
  private final FileChannel file;
  private long written;

  /**
   * @param folder where the file is
   * @param blockRows how many events a block has at most
   */
  SpilledEvents(Path folder, int blockRows) {
    this.folder = folder;
    this.blockRows = blockRows;
    try {
      Path path = Files.createTempFile(folder, "featurebeam-join", ".events");
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

  /** Adds events of any order; each call makes blocks of its own. */
  void add(RecordBatch events, long[] times) {
    int size = events.size();
    int[] order = KeyedItems.sort(size, 1, new int[size], times, Integer::compare).order();
    for (int at = 0; at < order.length; at += blockRows) {
      int[] rows = Arrays.copyOfRange(order, at, Math.min(order.length, at + blockRows));
      RecordBatch block = events.gather(rows);
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

  /** About how many bytes of memory the blocks take that have events from here to there. */
  long bytes(long from, long to) {
    long bytes = 0;
    for (Block block : blocks) {
      bytes += block.last() >= from && block.first() <= to ? block.bytes() : 0;
    }
    return bytes;
  }

  /** Hands out the blocks that have events from here to there, both included. */
  void read(long from, long to, Consumer<RecordBatch> out) {
    for (Block block : blocks) {
      if (block.last() >= from && block.first() <= to) {
        out.accept(read(block));
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
            + " events of a join in "
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
