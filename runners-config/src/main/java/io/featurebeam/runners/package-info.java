/** What each runner needs beyond the pipeline itself: defaults and deployment, no data logic. */
package io.featurebeam.runners;
