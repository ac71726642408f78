/** The skew check against brute force, its laws, and what it refuses. */
@NullMarked
package io.featurebeam.skew;

import org.jspecify.annotations.NullMarked;
