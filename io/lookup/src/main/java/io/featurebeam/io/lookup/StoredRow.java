package io.featurebeam.io.lookup;

/**
 * A row as a store holds it.
 *
 * @param version {@link RowVersion#text()}
 * @param schemaId {@link FeatureGroup#schemaId()} of the group that encoded it
 * @param encoded the array that holds {@link LatestRow#encoded()}, from {@code from} to its end
 */
@SuppressWarnings("ArrayRecordComponent") // read only, and never compared
public record StoredRow(String version, String schemaId, byte[] encoded, int from) {

  public StoredRow(String version, String schemaId, byte[] encoded) {
    this(version, schemaId, encoded, 0);
  }
}
