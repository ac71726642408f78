package io.featurebeam.io.file.text;

import io.featurebeam.columnar.BatchPrinter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.jspecify.annotations.Nullable;

/** Bytes of text: opening them, checking them, showing them. */
public final class Text {

  private static final int SHOWN = 60;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** Set in a byte that is not ASCII. */
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Text() {}

  /** The file's bytes, decompressed as its name says (gz, zst, bz2, ...). */
  static InputStream open(ResourceId file) throws IOException {
    return Channels.newInputStream(
        Compression.detect(file.toString()).readDecompressed(FileSystems.open(file)));
  }

  /** Whether all bytes are ASCII. */
  public static boolean isAscii(byte[] b, int from, int to) {
    int i = from;
    for (; i + 32 <= to; i += 32) {
      long any =
          (long) LONGS.get(b, i)
              | (long) LONGS.get(b, i + 8)
              | (long) LONGS.get(b, i + 16)
              | (long) LONGS.get(b, i + 24);
      if ((any & HIGH_BITS) != 0) {
        return false;
      }
    }
    int any = 0;
    for (; i < to; i++) {
      any |= b[i];
    }
    return any >= 0;
  }

  /** That a value is not UTF-8, for people; null if it is. */
  public static @Nullable String notUtf8(byte[] b, int from, int to) {
    int bad = invalidUtf8(b, from, to);
    return bad < 0
        ? null
        : show(b, from, to) + " is not UTF-8 (byte " + (bad - from) + " of the value)";
  }

  /** Where the first byte is that is not part of strict UTF-8, or -1. */
  public static int invalidUtf8(byte[] b, int from, int to) {
    int i = from;
    while (i < to) {
      int lead = b[i];
      if (lead >= 0) {
        i++;
        while (i + 8 <= to && ((long) LONGS.get(b, i) & HIGH_BITS) == 0) {
          i += 8;
        }
      } else if (lead < (byte) 0xE0) { // of two bytes, by far the most
        if (lead < (byte) 0xC2 || i + 1 >= to || b[i + 1] >= (byte) 0xC0) {
          return i;
        }
        i += 2;
      } else {
        int more = lead < (byte) 0xF0 ? 2 : 3;
        if (lead > (byte) 0xF4 || i + more >= to || !isRest(lead & 0xFF, b, i + 1, more)) {
          return i;
        }
        i += more + 1;
      }
    }
    return -1;
  }

  private static boolean isRest(int lead, byte[] b, int at, int more) {
    int second = b[at] & 0xFF;
    // The second byte excludes overlong forms, surrogates and what lies beyond U+10FFFF.
    int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high) {
      return false;
    }
    for (int k = 1; k < more; k++) {
      if ((b[at + k] & 0xC0) != 0x80) {
        return false;
      }
    }
    return true;
  }

  /** A value as an error shows it: quoted, one line, not long. */
  public static String show(byte[] b, int from, int to) {
    int end = Math.min(to, from + SHOWN);
    String text = new String(b, from, end - from, StandardCharsets.UTF_8);
    return "'" + BatchPrinter.escape(text) + (end < to ? "…'" : "'");
  }
}
