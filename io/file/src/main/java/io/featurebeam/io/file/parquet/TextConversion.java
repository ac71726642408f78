package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Slices;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Byte strings whose text is not their bytes: UUIDs and long decimals. */
final class TextConversion {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Conversion conversion;

  TextConversion(Conversion conversion) {
    this.conversion = conversion;
  }

  boolean isNeeded() {
    return switch (conversion.how()) {
      case UUID, DECIMAL_TEXT -> true;
      default -> false;
    };
  }

  Slices convert(Slices raw) {
    if (!isNeeded()) {
      return raw;
    }
    SliceSink out = new SliceSink(raw.size(), raw.byteSize() * 3);
    append(raw, out);
    return out.build();
  }

  void append(Slices raw, SliceSink out) {
    byte[] uuid = new byte[36];
    for (int i = 0; i < raw.size(); i++) {
      byte[] text = conversion.how() == Conversion.How.UUID ? uuid(raw, i, uuid) : decimal(raw, i);
      out.reserve(1, text.length);
      out.append(text, 0, text.length);
    }
  }

  private static byte[] uuid(Slices raw, int entry, byte[] text) {
    int at = 0;
    for (int i = 0; i < 16; i++) {
      if (i == 4 || i == 6 || i == 8 || i == 10) {
        text[at++] = '-';
      }
      int b = raw.data()[raw.start(entry) + i];
      text[at++] = HEX[(b >> 4) & 0xF];
      text[at++] = HEX[b & 0xF];
    }
    return text;
  }

  private byte[] decimal(Slices raw, int entry) {
    int length = raw.length(entry);
    BigInteger unscaled =
        length == 0 ? BigInteger.ZERO : new BigInteger(raw.data(), raw.start(entry), length);
    return new BigDecimal(unscaled, (int) conversion.amount())
        .toPlainString()
        .getBytes(StandardCharsets.US_ASCII);
  }
}
