package io.featurebeam.io.file.publish;

/** Whether this process is about to end: it was told to, and its shutdown hooks are at work. */
public final class ProcessEnd {

  private ProcessEnd() {}

  /** From the first shutdown hook on; threads of the runner go on meanwhile. */
  public static boolean isNear() {
    Thread probe = new Thread(() -> {}, "probe");
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException e) { // the one way in which a JVM tells
      return true;
    }
  }
}
