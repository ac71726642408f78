/**
 * Records against rules, on Beam: {@link io.featurebeam.transforms.validate.ValidateRecords} is a
 * thin shell around the kernels in {@link io.featurebeam.rule}. What passes, what does not and the
 * counts come out by name.
 */
@NullMarked
package io.featurebeam.transforms.validate;

import org.jspecify.annotations.NullMarked;
