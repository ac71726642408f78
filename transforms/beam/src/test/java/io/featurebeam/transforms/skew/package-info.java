/** The skew check as a pipeline. */
@NullMarked
package io.featurebeam.transforms.skew;

import org.jspecify.annotations.NullMarked;
