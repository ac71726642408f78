/** The first class that a job jar runs. */
package io.featurebeam.launcher;
