package io.featurebeam.io.kafka;

/** What becomes of a message whose value is null, which in a compacted topic deletes its key. */
public enum Tombstones {
  /** It is a reject. */
  REJECT,
  /** It is passed over and counted, but not as a record read. */
  SKIP,
  /** It is a record of nulls beside its key and other metadata. */
  NULLS
}
