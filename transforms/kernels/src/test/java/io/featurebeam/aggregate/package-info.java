/**
 * What the aggregates must be: {@link io.featurebeam.aggregate.BruteForce} is their definition in
 * the plainest words, which both plans must equal; {@code AggregateLaws} is what every single
 * aggregate must keep. {@code -Djqwik.tries.default=20000} tries more random cases.
 */
@NullMarked
package io.featurebeam.aggregate;

import org.jspecify.annotations.NullMarked;
