/**
 * What each runner needs beyond the pipeline itself, no data logic. {@link
 * io.featurebeam.runners.RunnerChoice} says which one it is and whether it can run here, {@link
 * io.featurebeam.runners.Submission} whether an engine's client started the program, {@link
 * io.featurebeam.runners.Workers} where its work is done, {@link
 * io.featurebeam.runners.RunnerLimits} what a runner cannot do at all, {@link
 * io.featurebeam.runners.RunnerDefaults} adds options that a runner should have, {@link
 * io.featurebeam.runners.LocalFlink} what Flink in this JVM must be told, {@link
 * io.featurebeam.runners.JavaOpens} which packages of Java must be open to it.
 */
@NullMarked
package io.featurebeam.runners;

import org.jspecify.annotations.NullMarked;
