/** A broker as a program; see {@link io.featurebeam.benchmarks.broker.BrokerMain}. */
@NullMarked
package io.featurebeam.benchmarks.broker;

import org.jspecify.annotations.NullMarked;
