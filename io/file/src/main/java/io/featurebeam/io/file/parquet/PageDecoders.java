package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.FieldType;
import java.util.List;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * One decoder per encoding that a column meets, used again from page to page, and its dictionary.
 */
final class PageDecoders {

  private final Leaf leaf;
  private final PrimitiveType type;
  private final PlainValues plain;
  private final TextConversion text;
  private @Nullable DictionaryValues coded;
  private @Nullable RunLengthBooleans runLength;
  private @Nullable DeltaBinaryValues deltaBinary;
  private @Nullable DeltaBytesValues deltaLength;
  private @Nullable DeltaBytesValues deltaBytes;
  private @Nullable SplitStreamValues splitStream;
  private @Nullable Dictionary dictionary;

  PageDecoders(Leaf leaf) {
    this.leaf = leaf;
    this.type = leaf.primitive();
    this.plain = new PlainValues(type);
    this.text = new TextConversion(leaf.conversion());
  }

  /** Before any page: no values. */
  PageValues none() {
    return plain;
  }

  void forgetDictionary() {
    dictionary = null;
  }

  void dictionary(DictionaryPageHeader header, ChunkPages pages) {
    int size = header.getNum_values();
    int length = pages.valueTo() - pages.valueFrom();
    int least =
        type.getPrimitiveTypeName() == PrimitiveTypeName.BINARY ? 4 : PlainValues.width(type);
    if (size < 0 || (long) size * least > length || (least == 0 && size > 0)) {
      throw new IndexOutOfBoundsException(
          "a dictionary of " + size + " entries in " + length + " bytes");
    }
    Encoding encoding = header.getEncoding();
    if (encoding != Encoding.PLAIN && encoding != Encoding.PLAIN_DICTIONARY) {
      throw new IndexOutOfBoundsException("a dictionary encoded as " + encoding);
    }
    PlainValues entries =
        new PlainValues(type).start(pages.valueBytes(), pages.valueFrom(), pages.valueTo());
    FieldType.Storage storage = leaf.conversion().type().storage();
    if (storage == FieldType.Storage.BYTES) {
      SliceSink sink = new SliceSink(size, length);
      entries.slices(sink, size);
      dictionary = Dictionary.of(text.convert(sink.build()));
    } else if (storage == FieldType.Storage.DOUBLE
        && leaf.conversion().how() != Conversion.How.DECIMAL) {
      double[] doubles = new double[size];
      entries.doubles(doubles, 0, size);
      dictionary = Dictionary.of(doubles);
    } else {
      long[] longs = new long[size];
      entries.longs(longs, 0, size);
      dictionary = Dictionary.of(longs);
    }
  }

  /** The decoder of the current page, at its first value. */
  PageValues start(ChunkPages pages) {
    byte[] bytes = pages.valueBytes();
    int from = pages.valueFrom();
    int to = pages.valueTo();
    Encoding encoding = pages.encoding();
    return switch (encoding) {
      case DELTA_BINARY_PACKED -> {
        requirePhysical(encoding, PrimitiveTypeName.INT32, PrimitiveTypeName.INT64);
        if (deltaBinary == null) {
          deltaBinary = new DeltaBinaryValues(type.getPrimitiveTypeName());
        }
        yield deltaBinary.start(bytes, from, to);
      }
      case DELTA_LENGTH_BYTE_ARRAY -> {
        requirePhysical(encoding, PrimitiveTypeName.BINARY);
        if (deltaLength == null) {
          deltaLength = new DeltaBytesValues(false);
        }
        yield deltaLength.start(bytes, from, to, pages.valueCount());
      }
      case DELTA_BYTE_ARRAY -> {
        requirePhysical(encoding, PrimitiveTypeName.BINARY, PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY);
        if (deltaBytes == null) {
          deltaBytes = new DeltaBytesValues(true);
        }
        yield deltaBytes.start(bytes, from, to, pages.valueCount());
      }
      case BYTE_STREAM_SPLIT -> {
        if (splitStream == null) {
          splitStream = new SplitStreamValues(type);
        }
        yield splitStream.start(bytes, from, to);
      }
      case PLAIN -> plain.start(bytes, from, to);
      case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
        if (dictionary == null) {
          throw new IndexOutOfBoundsException("a page of codes without a dictionary");
        }
        if (coded == null) {
          coded = new DictionaryValues();
        }
        yield coded.start(dictionary, bytes, from, to);
      }
      case RLE -> {
        requirePhysical(encoding, PrimitiveTypeName.BOOLEAN);
        if (runLength == null) {
          runLength = new RunLengthBooleans();
        }
        yield runLength.start(bytes, from, to);
      }
      case BIT_PACKED -> throw unsupported(encoding);
    };
  }

  private void requirePhysical(Encoding encoding, PrimitiveTypeName... allowed) {
    if (!List.of(allowed).contains(type.getPrimitiveTypeName())) {
      throw unsupported(encoding);
    }
  }

  private IndexOutOfBoundsException unsupported(Encoding encoding) {
    return new IndexOutOfBoundsException(
        "values encoded as "
            + encoding
            + " (not supported for "
            + type.getPrimitiveTypeName()
            + ")");
  }
}
