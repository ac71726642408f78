/**
 * Event time: microseconds since 1970-01-01T00:00Z in a long, floored arithmetic before 1970 too,
 * no zone and no locale of the machine.
 *
 * <p>{@link io.featurebeam.time.WindowBounds} says which events a feature at time t may see; it is
 * the one place where window edges are decided. {@link io.featurebeam.time.Window} is a length,
 * {@link io.featurebeam.time.Emission} says at which times a feature row is made. {@link
 * io.featurebeam.time.Micros} is the way from and to {@code java.time}.
 */
@NullMarked
package io.featurebeam.time;

import org.jspecify.annotations.NullMarked;
