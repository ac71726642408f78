/** Profiles: exact statistics, bounds of the approximate ones, merging, the binary form. */
@NullMarked
package io.featurebeam.profile;

import org.jspecify.annotations.NullMarked;
