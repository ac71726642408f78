/**
 * Column statistics of a collection of batches: {@link
 * io.featurebeam.transforms.profile.ProfileRecords}. The computing is done by {@code
 * io.featurebeam.profile}; here are the bundles and the one merge around it.
 */
@NullMarked
package io.featurebeam.transforms.profile;

import org.jspecify.annotations.NullMarked;
