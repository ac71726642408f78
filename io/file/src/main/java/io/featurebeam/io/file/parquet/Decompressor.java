package io.featurebeam.io.file.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * From a compressed page into a buffer of its own size, without a copy between. Anything wrong with
 * the page is an exception; which one depends on the codec.
 */
abstract class Decompressor implements AutoCloseable {

  /**
   * How many bytes one compressed byte can become at most; a page header that says more is broken.
   */
  private final int maxRatio;

  private Decompressor(int maxRatio) {
    this.maxRatio = maxRatio;
  }

  /**
   * Throws if {@code compressed} bytes cannot become {@code size} bytes: before memory is spent on
   * it.
   */
  final void check(int compressed, int size) {
    if (size > 1024 + (long) compressed * maxRatio) {
      throw new IndexOutOfBoundsException(
          "a page of " + compressed + " compressed bytes that claims to hold " + size);
    }
  }

  /** Fills {@code out[outAt .. outAt + size)} from {@code in[at .. at + length)}. */
  abstract void decompress(byte[] in, int at, int length, byte[] out, int outAt, int size)
      throws IOException;

  @Override
  public void close() {}

  /** The codec of a column chunk; one that is not supported is an error that names the file. */
  static Decompressor of(CompressionCodecName codec, String file, String column) {
    return switch (codec) {
      case UNCOMPRESSED -> new None();
      case SNAPPY -> new SnappyCodec();
      case GZIP -> new Gzip();
      case ZSTD -> new ZstdCodec();
      case LZ4_RAW -> new Lz4Raw();
      case LZ4 -> new Lz4Hadoop();
      case BROTLI, LZO ->
          throw new ParquetFormatException(
              "Cannot read column '"
                  + column
                  + "' of "
                  + file
                  + ": it is compressed with "
                  + codec
                  + " (supported: zstd, snappy, gzip, lz4, lz4_raw, uncompressed; write the file"
                  + " with one of these)");
    };
  }

  static void sameSize(long got, int size) {
    if (got != size) {
      throw new IndexOutOfBoundsException(
          "a page of " + size + " bytes that decompresses to " + got);
    }
  }

  private static final class None extends Decompressor {
    None() {
      super(1);
    }

    @Override
    void decompress(byte[] in, int at, int length, byte[] out, int outAt, int size) {
      sameSize(length, size);
      System.arraycopy(in, at, out, outAt, size);
    }
  }

  private static final class SnappyCodec extends Decompressor {
    SnappyCodec() {
      super(64);
    }

    @Override
    void decompress(byte[] in, int at, int length, byte[] out, int outAt, int size)
        throws IOException {
      sameSize(Snappy.uncompressedLength(in, at, length), size);
      sameSize(Snappy.uncompress(in, at, length, out, outAt), size);
    }
  }

  private static final class Gzip extends Decompressor {
    Gzip() {
      super(1100);
    }

    @Override
    void decompress(byte[] in, int at, int length, byte[] out, int outAt, int size)
        throws IOException {
      try (InputStream stream =
          new GZIPInputStream(new ByteArrayInputStream(in, at, length), 1 << 13)) {
        sameSize(stream.readNBytes(out, outAt, size), size);
      }
    }
  }

  private static final class ZstdCodec extends Decompressor {
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();

    ZstdCodec() {
      super(1 << 16);
    }

    @Override
    void decompress(byte[] in, int at, int length, byte[] out, int outAt, int size) {
      long declared = Zstd.getFrameContentSize(in, at, length);
      if (declared > size) {
        sameSize(declared, size);
      }
      sameSize(context.decompressByteArray(out, outAt, size, in, at, length), size);
    }

    @Override
    public void close() {
      context.close();
    }
  }

  private static final class Lz4Raw extends Decompressor {
    private final Lz4Decompressor lz4 = new Lz4Decompressor();

    Lz4Raw() {
      super(256);
    }

    @Override
    void decompress(byte[] in, int at, int length, byte[] out, int outAt, int size) {
      sameSize(lz4.decompress(in, at, length, out, outAt, size), size);
    }
  }

  /**
   * The older LZ4: blocks of several chunks, each behind its length, as Hadoop frames them
   * (big-endian: bytes of the block, then for each chunk its compressed bytes and the chunk).
   */
  private static final class Lz4Hadoop extends Decompressor {
    private final Lz4Decompressor lz4 = new Lz4Decompressor();

    Lz4Hadoop() {
      super(256);
    }

    @Override
    void decompress(byte[] in, int at, int length, byte[] out, int outAt, int size) {
      ByteBuffer source = ByteBuffer.wrap(in, at, length);
      int done = 0;
      while (done < size) {
        int block = source.getInt();
        for (int left = block; left > 0; ) {
          int compressed = source.getInt();
          if (compressed <= 0 || compressed > source.remaining() || left > size - done) {
            throw new IndexOutOfBoundsException("an LZ4 chunk of " + compressed + " bytes");
          }
          int n =
              lz4.decompress(
                  in,
                  source.position(),
                  compressed,
                  out,
                  outAt + done,
                  Math.min(left, size - done));
          source.position(source.position() + compressed);
          done += n;
          left -= n;
          if (n == 0) {
            throw new IndexOutOfBoundsException("an empty LZ4 chunk");
          }
        }
        if (block <= 0) {
          throw new IndexOutOfBoundsException("an LZ4 block of " + block + " bytes");
        }
      }
    }
  }
}
