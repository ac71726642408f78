package io.featurebeam.io.file.write;

import io.featurebeam.columnar.Slices;
import java.io.IOException;
import java.util.PrimitiveIterator;

/** UTF-8 to UTF-32; what is no UTF-8 becomes U+FFFD, as in a String. */
final class CodePoints {

  private CodePoints() {}

  static int count(Slices slices, int entry) {
    return isAscii(slices, entry)
        ? slices.length(entry)
        : (int) slices.string(entry).codePoints().count();
  }

  /** Writes them; how many they were. */
  static int write(Slices slices, int entry, NpyOutput out) throws IOException {
    if (isAscii(slices, entry)) {
      byte[] data = slices.data();
      for (int i = slices.start(entry); i < slices.end(entry); i++) {
        out.codePoint(data[i]);
      }
      return slices.length(entry);
    }
    int count = 0;
    for (PrimitiveIterator.OfInt i = slices.string(entry).codePoints().iterator();
        i.hasNext();
        count++) {
      out.codePoint(i.nextInt());
    }
    return count;
  }

  private static boolean isAscii(Slices slices, int entry) {
    byte[] data = slices.data();
    for (int i = slices.start(entry); i < slices.end(entry); i++) {
      if (data[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
