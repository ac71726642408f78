/**
 * What was logged at serving time against what is computed later: {@link
 * io.featurebeam.transforms.skew.CheckSkew}. The comparing is done by {@code io.featurebeam.skew};
 * here are the shuffle and the one merge around it.
 */
@NullMarked
package io.featurebeam.transforms.skew;

import org.jspecify.annotations.NullMarked;
