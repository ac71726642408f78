/**
 * Tests of the columnar core. {@link io.featurebeam.columnar.RandomBatches} is for other modules
 * too.
 */
@NullMarked
package io.featurebeam.columnar;

import org.jspecify.annotations.NullMarked;
