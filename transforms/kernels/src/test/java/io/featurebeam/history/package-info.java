/** Detectors of a metric's history, against what Deequ finds in the same series. */
@NullMarked
package io.featurebeam.history;

import org.jspecify.annotations.NullMarked;
