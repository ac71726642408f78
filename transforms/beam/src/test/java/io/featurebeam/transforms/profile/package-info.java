/** Profiles of collections, on the direct runner. */
@NullMarked
package io.featurebeam.transforms.profile;

import org.jspecify.annotations.NullMarked;
