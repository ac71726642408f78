/**
 * The suite that every runner passes: tests here are plain JUnit classes named {@code *IT}, written
 * against {@link org.apache.beam.sdk.testing.TestPipeline}, whose runner the module that runs them
 * chooses.
 */
package io.featurebeam.integration;
