/**
 * The command line: options, exit codes, errors for people, and the printed plan.
 *
 * <p>Start with {@link io.featurebeam.pipelines.cli.Cli}, which turns arguments into an {@link
 * io.featurebeam.pipelines.cli.Invocation} and whatever a command throws into a short message and
 * an {@link io.featurebeam.pipelines.cli.ExitCode}. {@link io.featurebeam.pipelines.cli.Explain}
 * prints a {@link io.featurebeam.pipelines.cli.Plan}.
 */
@NullMarked
package io.featurebeam.pipelines.cli;

import org.jspecify.annotations.NullMarked;
