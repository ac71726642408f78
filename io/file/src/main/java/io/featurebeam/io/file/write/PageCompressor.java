package io.featurebeam.io.file.write;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Compresses pages: zstd in one call per page with one context per file, which is what makes it
 * faster than Parquet's own stream; the other codecs are Parquet's.
 */
abstract class PageCompressor implements BytesInputCompressor, Closeable {

  static PageCompressor of(ParquetFormat format) {
    return switch (format.compression()) {
      case ZSTD -> new ZstdPages(format.level());
      case SNAPPY -> new OtherPages(CompressionCodecName.SNAPPY);
      case GZIP -> new OtherPages(CompressionCodecName.GZIP);
      case LZ4_RAW -> new OtherPages(CompressionCodecName.LZ4_RAW);
      case UNCOMPRESSED -> new OtherPages(CompressionCodecName.UNCOMPRESSED);
    };
  }

  /** Gives up native memory. */
  @Override
  public abstract void close();

  @Override
  public void release() {
    close();
  }

  private static final class ZstdPages extends PageCompressor {
    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private byte[] target = {};

    ZstdPages(int level) {
      context.setLevel(level);
    }

    /** The result is valid until the next call: the page store copies it at once. */
    @Override
    @SuppressWarnings("deprecation") // the other toByteBuffer copies what is an array already
    public BytesInput compress(BytesInput bytes) throws IOException {
      ByteBuffer source = bytes.toByteBuffer();
      int length = source.remaining();
      int bound = Math.toIntExact(Zstd.compressBound(length));
      if (target.length < bound) {
        target = new byte[bound];
      }
      int compressed =
          context.compressByteArray(
              target,
              0,
              target.length,
              source.array(),
              source.arrayOffset() + source.position(),
              length);
      return BytesInput.from(target, 0, compressed);
    }

    @Override
    public CompressionCodecName getCodecName() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    public void close() {
      context.close();
    }
  }

  private static final class OtherPages extends PageCompressor {
    private final CodecFactory factory;
    private final BytesInputCompressor compressor;

    OtherPages(CompressionCodecName codec) {
      factory = new CodecFactory(new Configuration(false), ChunkWriter.PAGE_BYTES);
      compressor = factory.getCompressor(codec);
    }

    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
      return compressor.compress(bytes);
    }

    @Override
    public CompressionCodecName getCodecName() {
      return compressor.getCodecName();
    }

    @Override
    public void close() {
      factory.release();
    }
  }
}
