package io.featurebeam.io.file.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Files of NumPy arrays, read by what NumPy Enhancement Proposal 1 says. */
public final class Npz {

  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '([^']+)', 'fortran_order': False, 'shape': \\((\\d+),\\), \\} *\\n");
  private static final Pattern TYPE = Pattern.compile("([<|])([biufMmU])(\\d+)(?:\\[(us|D)])?");

  private Npz() {}

  /**
   * An array of one dimension.
   *
   * @param type in NumPy's words
   * @param values Boolean, Long (whole numbers and times), Double or String
   */
  public record Array(String type, List<Object> values) {}

  /** The arrays by their names, in the order of the file. */
  public static Map<String, Array> read(Path path) throws IOException {
    Map<String, Array> arrays = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(path.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        if (!entry.getName().endsWith(".npy")) {
          throw new IOException("No array: " + entry.getName());
        }
        String name = entry.getName().substring(0, entry.getName().length() - 4);
        arrays.put(name, array(zip.getInputStream(entry).readAllBytes()));
      }
    }
    return arrays;
  }

  private static Array array(byte[] bytes) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[8];
    in.get(magic);
    if (!new String(magic, StandardCharsets.ISO_8859_1).equals("\u0093NUMPY\1\0")) {
      throw new IOException("Not a .npy file of format 1.0");
    }
    byte[] text = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(text);
    if (in.position() % 64 != 0) {
      throw new IOException("The values begin at " + in.position());
    }
    Matcher header = HEADER.matcher(new String(text, StandardCharsets.US_ASCII));
    if (!header.matches()) {
      throw new IOException("Another header: " + new String(text, StandardCharsets.US_ASCII));
    }
    String type = header.group(1);
    int length = Integer.parseInt(header.group(2));
    Matcher parts = TYPE.matcher(type);
    if (!parts.matches()) {
      throw new IOException("Another type: " + type);
    }
    int size = Integer.parseInt(parts.group(3));
    List<Object> values = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      values.add(value(parts.group(2).charAt(0), size, in));
    }
    if (in.hasRemaining()) {
      throw new IOException(in.remaining() + " bytes behind the values");
    }
    return new Array(type, values);
  }

  private static Object value(char kind, int size, ByteBuffer in) throws IOException {
    return switch ("" + kind + (kind == 'U' ? "" : size)) {
      case "b1" -> truth(in.get());
      case "u1" -> (long) Byte.toUnsignedInt(in.get());
      case "i8", "M8", "m8" -> in.getLong();
      case "f8" -> in.getDouble();
      case "U" -> text(size, in);
      default -> throw new IOException("Another type: " + kind + size);
    };
  }

  private static boolean truth(byte value) throws IOException {
    if (value != 0 && value != 1) {
      throw new IOException("No truth value: " + value);
    }
    return value == 1;
  }

  /** Without the zeros at its end. */
  private static String text(int size, ByteBuffer in) {
    StringBuilder text = new StringBuilder();
    int end = 0;
    for (int i = 0; i < size; i++) {
      int codePoint = in.getInt();
      text.appendCodePoint(codePoint);
      end = codePoint == 0 ? end : text.length();
    }
    return text.substring(0, end);
  }
}
