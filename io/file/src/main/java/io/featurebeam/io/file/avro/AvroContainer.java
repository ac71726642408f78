package io.featurebeam.io.file.avro;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The header and blocks of a container file. What is wrong with either is an IOException that says
 * so.
 */
final class AvroContainer implements Closeable {

  /**
   * The most bytes that a block, packed or not, may have: bounds the memory that a false length
   * takes.
   */
  static final int MAX_BLOCK = 1 << 28;

  private final String source;
  private final DataInputStream in;
  private final byte[] sync = new byte[16];
  private final Schema schema;
  private final String codec;
  private long count;

  AvroContainer(String source, InputStream stream) throws IOException {
    this.source = source;
    this.in = new DataInputStream(new BufferedInputStream(stream, 1 << 16));
    byte[] start = in.readNBytes(4);
    if (start.length == 0) {
      throw new IOException("File " + source + " is empty (must be an Avro container)");
    }
    if (!Arrays.equals(start, new byte[] {'O', 'b', 'j', 1})) {
      throw new IOException(
          "File " + source + " is not an Avro container (it does not start with Obj 1)");
    }
    Map<String, byte[]> header = header();
    byte[] mark = in.readNBytes(16);
    if (mark.length < 16) {
      throw new EOFException("File " + source + " ends early: within its header");
    }
    System.arraycopy(mark, 0, sync, 0, 16);
    byte[] text = header.get("avro.schema");
    if (text == null) {
      throw damaged("its header has no schema");
    }
    try {
      this.schema = new Schema.Parser().parse(new String(text, StandardCharsets.UTF_8));
    } catch (AvroRuntimeException | IllegalArgumentException | IllegalStateException e) {
      throw new IOException(
          "File " + source + " is damaged: its schema is none: " + e.getMessage(), e);
    }
    this.codec = new String(header.getOrDefault("avro.codec", new byte[0]), StandardCharsets.UTF_8);
    AvroCodecs.check(source, codec);
  }

  private Map<String, byte[]> header() throws IOException {
    Map<String, byte[]> header = new HashMap<>();
    for (long items = readLong(); items != 0; items = readLong()) {
      if (items < 0) {
        readLong();
        items = -items;
      }
      for (long i = 0; i < items; i++) {
        String key = new String(readBytes(), StandardCharsets.UTF_8);
        header.put(key, readBytes());
      }
      if (items < 0 || header.size() > 10_000) {
        throw damaged("its header has " + items + " entries");
      }
    }
    return header;
  }

  Schema schema() {
    return schema;
  }

  /** How many records the block read last has. */
  long count() {
    return count;
  }

  /** The next block as it is stored, or null at the end of the file. */
  byte @Nullable [] next() throws IOException {
    in.mark(1);
    if (in.read() < 0) {
      return null;
    }
    in.reset();
    count = readLong();
    if (count < 0) {
      throw damaged("a block of " + count + " records");
    }
    byte[] data = readBytes();
    byte[] mark = in.readNBytes(16);
    if (!Arrays.equals(mark, sync)) {
      throw damaged("a block does not end with the file's mark");
    }
    return data;
  }

  /** The block's records; {@link IllegalArgumentException} if it cannot be unpacked. */
  byte[] unpack(byte[] block) {
    return AvroCodecs.unpack(codec, block, MAX_BLOCK);
  }

  private byte[] readBytes() throws IOException {
    long length = readLong();
    if (length < 0 || length > MAX_BLOCK) {
      throw damaged("a length of " + length + " bytes (at most " + MAX_BLOCK + ")");
    }
    byte[] bytes = in.readNBytes((int) length); // grows as bytes arrive
    if (bytes.length < length) {
      throw new EOFException(
          "File " + source + " ends early: " + bytes.length + " of " + length + " bytes are there");
    }
    return bytes;
  }

  private long readLong() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("File " + source + " ends early: within a number");
      }
      value |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw damaged("a number of more than ten bytes");
  }

  private IOException damaged(String why) {
    return new IOException("File " + source + " is damaged: " + why);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
