/**
 * PostgreSQL as an online store: a table per feature group, with the newest row of each key, that
 * any SQL user can read.
 *
 * <p>Start with {@link io.featurebeam.io.jdbc.WriteJdbc}. A {@code FeatureTable} is the table and
 * its SQL, {@code TableCheck} refuses or makes it, {@code TableWriter} fills it, {@code Problems}
 * says what went wrong. What a type is in PostgreSQL, {@code PgType} of {@code
 * io.featurebeam.io.lookup} says, which failures pass, {@code PgErrors}, and services read the
 * table through {@code JdbcStore} there.
 *
 * <p>Why not Beam's JdbcIO: it sets the parameters of a statement per record, while a batch here is
 * one statement over a few arrays, which wrote 100,000 rows of ten features two times as fast (and
 * half as fast again as COPY into a temporary table with an INSERT from there). Its retry goes on
 * with the connection that failed: {@code WriteFn} keeps it until the bundle ends, and rolls back
 * on it before it tries again, so that a server that restarts in mid-write fails the bundle. And it
 * makes no table, nor hands on the rest of a flow.
 */
@NullMarked
package io.featurebeam.io.jdbc;

import org.jspecify.annotations.NullMarked;
