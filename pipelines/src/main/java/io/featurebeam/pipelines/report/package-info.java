/**
 * The run as a person sees it: {@link io.featurebeam.pipelines.report.ProgressMeter} while it runs,
 * then {@link io.featurebeam.pipelines.report.RunSummary} as text ({@link
 * io.featurebeam.pipelines.report.SummaryPrinter}) and as one HTML file ({@link
 * io.featurebeam.pipelines.report.HtmlReport}).
 *
 * <p>Whatever comes from data, column names and file names included, is shortened, its invisible
 * characters are escaped, and the template escapes it for HTML. Masked values must not come here:
 * profiles and rejects leave them out.
 */
@NullMarked
package io.featurebeam.pipelines.report;

import org.jspecify.annotations.NullMarked;
