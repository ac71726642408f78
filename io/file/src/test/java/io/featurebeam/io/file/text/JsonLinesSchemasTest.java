package io.featurebeam.io.file.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class JsonLinesSchemasTest {

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** So many bytes that take no memory of their own. */
  private static InputStream spaces(long count) {
    return new InputStream() {
      private long left = count;

      @Override
      public int read() {
        return left-- > 0 ? ' ' : -1;
      }

      @Override
      public int read(byte[] into, int from, int length) {
        int n = (int) Math.min(left, length);
        Arrays.fill(into, from, from + n, (byte) ' ');
        left -= n;
        return n == 0 ? -1 : n;
      }
    };
  }

  @Test
  void aLineWithoutEndTakesNoMoreMemoryThanALineMay() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    JsonLinesSchemas.infer("f", stream("{\"a\":1}\n"), 10); // loads classes, which allocates too
    long before = threads.getCurrentThreadAllocatedBytes();
    InputStream file = new SequenceInputStream(spaces(300L << 20), stream("\n{\"a\":1}\n"));
    assertEquals("(a int64)", JsonLinesSchemas.infer("f", file, 10).toString());
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 8 << 20, allocated + " bytes");
  }
}
