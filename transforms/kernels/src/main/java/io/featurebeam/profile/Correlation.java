package io.featurebeam.profile;

/**
 * How two number columns move together.
 *
 * @param pairs the records in which both have a finite value
 * @param pearson the correlation coefficient by Pearson, -1 to 1; NaN if there are fewer than two
 *     pairs, if one of the columns is constant in them, or if a square overflows
 */
public record Correlation(String first, String second, long pairs, double pearson) {}
