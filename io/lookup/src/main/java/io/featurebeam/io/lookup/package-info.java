/**
 * What an online store holds of features, and how a service reads it: plain Java over the kernels
 * and a store's client, no Beam.
 *
 * <p>A {@link io.featurebeam.io.lookup.FeatureGroup} says which columns are the key and which the
 * features. {@link io.featurebeam.io.lookup.LatestRows} reduces output rows to the newest of each
 * key; a {@link io.featurebeam.io.lookup.RowVersion} is the order of a key's rows as a text that a
 * store compares. What writes rows to a store ({@code io.featurebeam.io.redis}) and what reads them
 * share both, and so does every kind of store.
 *
 * <p>A {@link io.featurebeam.io.lookup.FeatureLookup} gives feature vectors from a {@link
 * io.featurebeam.io.lookup.FeatureStore}; {@link io.featurebeam.io.lookup.RedisStore} is one, laid
 * out as {@link io.featurebeam.io.lookup.RedisLayout} says, and {@link
 * io.featurebeam.io.lookup.JdbcStore} another, of tables that have a column for each feature.
 */
@NullMarked
package io.featurebeam.io.lookup;

import org.jspecify.annotations.NullMarked;
