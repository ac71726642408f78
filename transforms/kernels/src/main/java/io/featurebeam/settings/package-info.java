/**
 * How a rule, feature, aggregate or source says which parameters it takes, so that YAML, Java, the
 * JSON Schema and the reference page all come from one declaration.
 *
 * <p>Start with {@link io.featurebeam.settings.Parameter}. A provider declares its parameters and
 * is handed {@link io.featurebeam.settings.Settings} that already have the declared types.
 */
@NullMarked
package io.featurebeam.settings;

import org.jspecify.annotations.NullMarked;
