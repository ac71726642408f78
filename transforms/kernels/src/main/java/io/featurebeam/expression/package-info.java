/**
 * Expressions over the columns of a batch, in the Common Expression Language (CEL): {@code delay >
 * 15 && origin in ['SFO', 'OAK']}.
 *
 * <p>Start with {@link io.featurebeam.expression.Expressions#compile}, which parses and type-checks
 * a text against a schema and says which operators exist, and {@link
 * io.featurebeam.expression.Expression}, which says what null does. Inside, {@code Compiler} turns
 * each operator into a {@code Node} that computes a whole batch in one loop over primitive arrays
 * and keeps its buffers from batch to batch; predicates over strings are computed once per
 * dictionary entry. What has no node runs on the CEL runtime, a record at a time ({@code
 * RowExpression}), which is also what the tests compare the nodes with.
 *
 * <p>An expression cannot reach Java: it sees the columns and the functions named in {@link
 * io.featurebeam.expression.Expressions}. Its length, depth, loops and regular expressions ({@link
 * io.featurebeam.expression.Regex}) are bounded.
 */
@NullMarked
package io.featurebeam.expression;

import org.jspecify.annotations.NullMarked;
