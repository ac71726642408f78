package io.featurebeam.io.lookup;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A store that features are read from, by one or many threads. What goes wrong with it is a {@link
 * FeatureStoreException}.
 */
public interface FeatureStore extends AutoCloseable {

  /**
   * The row of a key.
   *
   * @param group {@link FeatureGroup#name()}
   * @param key {@link LatestRow#key()}
   */
  record Address(String group, String key) {}

  /**
   * What the store knows of a group.
   *
   * @param current as written last
   * @param schemas by {@link FeatureGroup#schemaId()}, every one that rows may be encoded with
   */
  record Group(FeatureGroup current, Map<String, FeatureGroup> schemas) {}

  /** The group of that name; null if nothing was ever written. */
  @Nullable Group group(String name);

  /** The rows at these addresses, in that order, null where there is none: one round trip. */
  List<@Nullable StoredRow> rows(List<Address> addresses);

  /** Where it is, for errors; without secrets. */
  @Override
  String toString();

  @Override
  void close();
}
