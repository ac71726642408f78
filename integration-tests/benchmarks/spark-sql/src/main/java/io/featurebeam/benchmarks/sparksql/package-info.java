/**
 * The peer of {@code card-batch} in native Spark SQL: {@link
 * io.featurebeam.benchmarks.sparksql.SparkSqlPeer}.
 */
@NullMarked
package io.featurebeam.benchmarks.sparksql;

import org.jspecify.annotations.NullMarked;
