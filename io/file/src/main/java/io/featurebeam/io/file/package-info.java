/**
 * Files, on any of Beam's file systems. {@link io.featurebeam.io.file.InputFiles} finds what
 * patterns name; {@code read} and {@code write} are the pipeline's ends, the other packages know
 * one format each.
 */
@NullMarked
package io.featurebeam.io.file;

import org.jspecify.annotations.NullMarked;
