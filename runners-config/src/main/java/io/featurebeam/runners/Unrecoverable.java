package io.featurebeam.runners;

/**
 * A failure that comes again however often a worker is started anew. Flink, told so, fails the job
 * at once, where its restart strategy would start it for ever; other runners see an ordinary one.
 */
public final class Unrecoverable {

  private static final String OF_FLINK =
      "org.apache.flink.runtime.execution.SuppressRestartsException";

  private Unrecoverable() {}

  /** To be thrown by a step. */
  public static RuntimeException of(String message) {
    RuntimeException failure = new IllegalStateException(message);
    try { // by name: the runner is on the class path when it is chosen, not when this is compiled
      return Class.forName(OF_FLINK)
          .asSubclass(RuntimeException.class)
          .getConstructor(Throwable.class)
          .newInstance(failure);
    } catch (ReflectiveOperationException e) {
      return failure;
    }
  }
}
