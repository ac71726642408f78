/**
 * What writing to every online store is: the newest row of each key, by bundles. Start with {@link
 * io.featurebeam.io.store.KeepNewest}; a store of another kind is an {@link
 * io.featurebeam.io.store.OnlineStore}, as those of {@code io.featurebeam.io.redis} and {@code
 * io.featurebeam.io.jdbc} are.
 *
 * <p>What a row, its key and its version are, and how a service reads them, {@link
 * io.featurebeam.io.lookup} says, which needs no Beam.
 */
@NullMarked
package io.featurebeam.io.store;

import org.jspecify.annotations.NullMarked;
