/** Anomaly detectors: against values computed elsewhere, by their laws, and their binary form. */
@NullMarked
package io.featurebeam.anomaly;

import org.jspecify.annotations.NullMarked;
