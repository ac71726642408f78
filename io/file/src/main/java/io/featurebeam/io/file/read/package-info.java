/**
 * Reading files in a pipeline: {@link io.featurebeam.io.file.read.ReadFiles} turns a planned list
 * of {@link io.featurebeam.io.file.read.FileSplit splits} into a flow of batches. The formats are
 * read by the packages beside this one.
 */
@NullMarked
package io.featurebeam.io.file.read;

import org.jspecify.annotations.NullMarked;
