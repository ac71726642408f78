package io.featurebeam.join;

import java.io.Serializable;
import java.util.Map;

/** What one source says about labels. */
public sealed interface JoinGroup extends Serializable permits WindowGroup, AsOfGroup {

  /** Names it in errors and rejects. */
  String name();

  /** The key columns of its records, each with the column of the labels that it must equal. */
  Map<String, String> keys();

  /**
   * How old the latest record that a label sees may be for it to count, in microseconds; {@link
   * PointInTime#ANY_AGE} for any age.
   */
  long ttlMicros();

  /**
   * How long after its time a record is known, in microseconds: features must not see it before.
   */
  long knownAfterMicros();

  /** Whether labels that find nothing are dropped; else their features are null. */
  boolean dropsUnmatched();
}
