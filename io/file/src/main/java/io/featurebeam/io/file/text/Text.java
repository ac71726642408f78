package io.featurebeam.io.file.text;

import io.featurebeam.columnar.BatchPrinter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;

/** Bytes of text: opening them, checking them, showing them. */
public final class Text {

  private static final int SHOWN = 60;

  private Text() {}

  /** The file's bytes, decompressed as its name says (gz, zst, bz2, ...). */
  static InputStream open(ResourceId file) throws IOException {
    return Channels.newInputStream(
        Compression.detect(file.toString()).readDecompressed(FileSystems.open(file)));
  }

  /** Where the first byte is that is not part of strict UTF-8, or -1. */
  public static int invalidUtf8(byte[] b, int from, int to) {
    int i = from;
    while (i < to) {
      int lead = b[i];
      if (lead >= 0) {
        i++;
        continue;
      }
      lead &= 0xFF;
      int more = lead >= 0xC2 && lead < 0xE0 ? 1 : lead >= 0xE0 && lead < 0xF0 ? 2 : 3;
      if (lead < 0xC2 || lead > 0xF4 || i + more >= to) {
        return i;
      }
      int second = b[i + 1] & 0xFF;
      // The second byte excludes overlong forms, surrogates and what lies beyond U+10FFFF.
      int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
      int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
      if (second < low || second > high) {
        return i;
      }
      for (int k = 2; k <= more; k++) {
        if ((b[i + k] & 0xC0) != 0x80) {
          return i;
        }
      }
      i += more + 1;
    }
    return -1;
  }

  /** A value as an error shows it: quoted, one line, not long. */
  public static String show(byte[] b, int from, int to) {
    int end = Math.min(to, from + SHOWN);
    String text = new String(b, from, end - from, StandardCharsets.UTF_8);
    return "'" + BatchPrinter.escape(text) + (end < to ? "…'" : "'");
  }
}
