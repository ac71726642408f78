package io.featurebeam.examples;

/** Events without end, in the order in which they happen. */
public interface Events {
  Event next();
}
