/**
 * What each runner needs beyond the pipeline itself, no data logic. {@link
 * io.featurebeam.runners.RunnerDefaults} adds options that a runner should have, {@link
 * io.featurebeam.runners.LocalFlink} what Flink in this JVM must be told.
 */
@NullMarked
package io.featurebeam.runners;

import org.jspecify.annotations.NullMarked;
