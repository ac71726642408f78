/**
 * The peer of {@code card-batch} as a Beam user writes it with rows: {@link
 * io.featurebeam.benchmarks.beamrows.BeamRowsPeer}.
 */
@NullMarked
package io.featurebeam.benchmarks.beamrows;

import org.jspecify.annotations.NullMarked;
