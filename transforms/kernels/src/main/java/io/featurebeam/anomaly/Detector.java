package io.featurebeam.anomaly;

import java.io.Serializable;
import java.util.List;

/**
 * Says of each value whether it fits those of its key before it, as a value: it holds parameters
 * and nothing of a run. {@link Detectors} makes them.
 */
public interface Detector extends Serializable {

  /** What reports call it, stable between runs. */
  String id();

  /** The columns whose values it is given, in this order. */
  List<String> columns();

  /** What it knows of a key before the first value. */
  DetectorState newState();

  /**
   * What {@link DetectorState#toBytes} of the same detector wrote; other bytes give an {@link
   * IllegalArgumentException} that says why, or the state of something else.
   */
  default DetectorState fromBytes(byte[] bytes) {
    StateReader in = new StateReader(bytes);
    int version = in.readByte();
    if (version != DetectorState.VERSION) {
      throw in.corrupt(
          "its version is " + version + " (this release reads " + DetectorState.VERSION + ")");
    }
    DetectorState state = newState();
    state.load(in);
    in.end();
    return state;
  }
}
