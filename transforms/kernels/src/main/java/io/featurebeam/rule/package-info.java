/**
 * What records must satisfy. A {@link io.featurebeam.rule.Rule} is a value (columns and bounds);
 * bound to a schema it is a {@link io.featurebeam.rule.Checker}, which judges a batch in one pass
 * over its arrays and gives a bitmap.
 *
 * <p>Start with {@link io.featurebeam.rule.Rules}, which makes the built-in ones. A {@link
 * io.featurebeam.rule.Validation} adds what follows from a failure, a {@link
 * io.featurebeam.rule.RuleSet} is all that a pipeline checks, and {@link
 * io.featurebeam.rule.RuleCount} says how it went.
 *
 * <p>A process that answers requests asks a {@link io.featurebeam.rule.RecordChecker} about one
 * record at a time; it gives each {@link io.featurebeam.rule.Failure}. {@link
 * io.featurebeam.rule.Rules#when} makes any rule judge only records of a condition.
 *
 * <p>Whether a key was there before is asked of all records of a run: {@link
 * io.featurebeam.rule.RowKeys} answers where they are all at hand, {@link
 * io.featurebeam.rule.RecentKeys} while they arrive.
 *
 * <p>A new rule is one file (a record with its checker and its {@link
 * io.featurebeam.rule.RuleProvider}), one line in {@code META-INF/services}, and one test that
 * extends {@code RuleLaws}. {@link io.featurebeam.rule.ColumnChecker} and {@link
 * io.featurebeam.rule.TextChecker} are where the checker of a rule over one column starts, {@code
 * ColumnsChecker} that of one over several, and {@code TextRule} is all that a rule needs which
 * judges each text by itself. Look at {@code NotNull} first, then at {@code Between}, {@code
 * UuidText} and {@code Comparison}.
 */
@NullMarked
package io.featurebeam.rule;

import org.jspecify.annotations.NullMarked;
