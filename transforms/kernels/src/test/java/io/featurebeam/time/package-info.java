/** Tests of event time: lengths, windows and bounds. */
@NullMarked
package io.featurebeam.time;

import org.jspecify.annotations.NullMarked;
