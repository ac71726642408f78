/**
 * The newest row of each key in Redis: {@link io.featurebeam.io.redis.WriteRedis}.
 *
 * <p>What is in the store, and how it is read, belongs to {@link io.featurebeam.io.lookup}, which
 * needs no Beam; here is who writes. docs/serving.md has both sides on a page.
 */
@NullMarked
package io.featurebeam.io.redis;

import org.jspecify.annotations.NullMarked;
