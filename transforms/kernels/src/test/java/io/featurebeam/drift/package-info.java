/** Drift metrics: against values computed elsewhere, by their laws, and on profiles. */
@NullMarked
package io.featurebeam.drift;

import org.jspecify.annotations.NullMarked;
