package io.featurebeam.io.file;

import java.io.EOFException;
import java.io.IOException;

/** Failures below a reader, of a file system or a packing: they do not know the file's name. */
public final class Unreadable {

  private Unreadable() {}

  /** The failure with the name of the file, or as it is if it says that already. */
  public static IOException of(String file, IOException failure) {
    String message = failure.getMessage();
    if (message == null) {
      message =
          failure instanceof EOFException
              ? "it ends early (was its writer interrupted?)"
              : failure.toString();
    }
    return message.contains(file)
        ? failure
        : new IOException("Cannot read " + file + ": " + message, failure);
  }
}
