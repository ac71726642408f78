package io.featurebeam.io.file.write;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** How long the file is so far, compressed if it is. */
final class CountingOutput extends FilterOutputStream {
  private long bytes;

  CountingOutput(OutputStream out) {
    super(out);
  }

  long bytes() {
    return bytes;
  }

  @Override
  public void write(int value) throws IOException {
    out.write(value);
    bytes++;
  }

  @Override
  public void write(byte[] source, int from, int length) throws IOException {
    out.write(source, from, length);
    bytes += length;
  }
}
