package io.featurebeam.io.file.avro;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.xerial.snappy.Snappy;

/** The packings of blocks: null, deflate, zstandard and snappy. */
final class AvroCodecs {

  private AvroCodecs() {}

  static void check(String source, String codec) throws IOException {
    switch (codec) {
      case "", "null", "deflate", "zstandard", "snappy" -> {}
      default ->
          throw new IOException(
              "File "
                  + source
                  + " is packed with '"
                  + codec
                  + "' (must be null, deflate, zstandard or snappy)");
    }
  }

  static byte[] unpack(String codec, byte[] block, int limit) {
    try {
      return switch (codec) {
        case "deflate" -> {
          Inflater raw = new Inflater(true);
          try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(block), raw)) {
            yield bounded(in, limit);
          } finally {
            raw.end();
          }
        }
        case "zstandard" -> {
          try (InputStream in = new ZstdInputStream(new ByteArrayInputStream(block))) {
            yield bounded(in, limit);
          }
        }
        case "snappy" -> snappy(block, limit);
        default -> block;
      };
    } catch (IOException e) {
      throw new IllegalArgumentException("the block cannot be unpacked: " + e.getMessage(), e);
    }
  }

  private static byte[] bounded(InputStream in, int limit) throws IOException {
    byte[] bytes = in.readNBytes(limit + 1);
    if (bytes.length > limit) {
      throw new IOException("it has more than " + limit + " bytes");
    }
    return bytes;
  }

  /** Four bytes of checksum, big-endian, follow the packed bytes. */
  private static byte[] snappy(byte[] block, int limit) throws IOException {
    int length = block.length - 4;
    if (length < 0 || !Snappy.isValidCompressedBuffer(block, 0, length)) {
      throw new IOException("it is not snappy");
    }
    int size = Snappy.uncompressedLength(block, 0, length);
    if (size < 0 || size > limit) {
      throw new IOException("it has " + size + " bytes (at most " + limit + ")");
    }
    byte[] bytes = new byte[size];
    int written = Snappy.uncompress(block, 0, length, bytes, 0);
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, written);
    if ((int) crc.getValue() != ByteBuffer.wrap(block, length, 4).getInt()) {
      throw new IOException("its checksum is wrong");
    }
    return Arrays.copyOf(bytes, written);
  }
}
