/** What a person sees of a run: exact texts, hostile data, the structure of the HTML. */
@NullMarked
package io.featurebeam.pipelines.report;

import org.jspecify.annotations.NullMarked;
