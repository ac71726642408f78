/** The YAML spec and its composition into a pipeline, and the mains that run it. */
package io.featurebeam.pipelines;
