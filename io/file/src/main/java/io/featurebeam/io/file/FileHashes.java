package io.featurebeam.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.beam.sdk.io.FileSystems;

/** The SHA-256 of files, of any of Beam's file systems. */
public final class FileHashes {

  private static final int BUFFER = 1 << 18;

  private FileHashes() {}

  /** In hexadecimal digits, as {@code sha256sum} gives it; a file that cannot be read is named. */
  public static String sha256(String file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try (ReadableByteChannel channel =
        FileSystems.open(FileSystems.matchNewResource(file, false))) {
      while (channel.read(buffer) >= 0) {
        digest.update(buffer.flip());
        buffer.clear();
      }
    } catch (IOException e) {
      throw Unreadable.of(file, e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
