package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.InputFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.parquet.hadoop.metadata.BlockMetaData;

/**
 * Plans a read when the pipeline is built: finds the files, reads every footer, checks that the
 * schemas agree, and cuts the files into splits.
 *
 * <pre>{@code
 * ParquetSplits plan = ParquetSplits.plan(List.of("data/flights-*.parquet"), List.of("date", "delay"), List.of());
 * plan.schema();  // (date timestamp, delay int64)
 * plan.splits();  // each for ParquetBatchReader.open(split, plan.schema(), ranges)
 * }</pre>
 *
 * <p>A path is a file, a glob or a directory (every {@code .parquet} file below it); names that
 * start with {@code _} or {@code .} are skipped in a glob or directory. Every file must have each
 * column that is read, of the same column type as in the first file by name; without named columns,
 * those are the columns of the first file. A column is not null only if it is in all files. Columns
 * that a file has beyond that are ignored.
 *
 * @param schema of every batch
 * @param splits in the order of the files and of their rows
 * @param files with their bytes
 * @param rows in the splits
 * @param skippedRows in row groups that the ranges rule out
 */
public record ParquetSplits(
    RecordSchema schema,
    List<ParquetSplit> splits,
    SortedMap<String, Long> files,
    long rows,
    long skippedRows) {

  /** Uncompressed bytes that a split aims at: some tenths of a second of one thread's reading. */
  public static final long TARGET_BYTES = 32L << 20;

  private static final int MAX_THREADS = 32;

  public ParquetSplits {
    Objects.requireNonNull(schema, "schema is null");
    splits = List.copyOf(splits);
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** Plans with splits of about {@link #TARGET_BYTES}. */
  public static ParquetSplits plan(
      Collection<String> paths, Collection<String> columns, List<ColumnRange> ranges) {
    return plan(paths, columns, ranges, TARGET_BYTES);
  }

  /**
   * Plans a read of {@code columns} (none means all).
   *
   * @param ranges row groups outside any of them are left out
   * @param targetBytes row groups are put together up to so many uncompressed bytes; none is cut
   * @throws IllegalArgumentException if a path, a column or a range is wrong, or schemas differ
   * @throws ParquetFormatException if a file is not readable as Parquet
   */
  public static ParquetSplits plan(
      Collection<String> paths,
      Collection<String> columns,
      List<ColumnRange> ranges,
      long targetBytes) {
    Objects.requireNonNull(paths, "paths is null");
    Objects.requireNonNull(columns, "columns is null");
    if (targetBytes <= 0) {
      throw new IllegalArgumentException("Invalid split size: " + targetBytes + " (must be > 0)");
    }
    SortedMap<String, Long> files;
    List<ParquetFooter> footers;
    try {
      files = InputFiles.sizes(paths, List.of(".parquet"));
      footers = footers(List.copyOf(files.keySet()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + String.join(", ", paths), e);
    }
    RecordSchema schema = commonSchema(footers, columns);
    List<ParquetSplit> splits = new ArrayList<>();
    long allRows = 0;
    for (ParquetFooter footer : footers) {
      splits.addAll(SplitCutter.cut(footer, schema, ranges, targetBytes));
      for (BlockMetaData group : footer.rowGroups()) {
        allRows += group.getRowCount();
      }
    }
    long rows = splits.stream().mapToLong(ParquetSplit::rows).sum();
    return new ParquetSplits(schema, splits, files, rows, allRows - rows);
  }

  /**
   * The footers in the order of the files, read by several threads: each waits for its file system.
   */
  private static List<ParquetFooter> footers(List<String> files) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(MAX_THREADS, files.size()));
    try {
      List<Future<ParquetFooter>> pending = new ArrayList<>(files.size());
      for (String file : files) {
        pending.add(threads.submit(() -> footer(file)));
      }
      List<ParquetFooter> footers = new ArrayList<>(files.size());
      for (Future<ParquetFooter> future : pending) {
        footers.add(future.get());
      }
      return footers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while footers were read", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IOException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static ParquetFooter footer(String file) {
    try (ParquetInput in = ParquetInput.open(file)) {
      return ParquetFooter.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static RecordSchema commonSchema(
      List<ParquetFooter> footers, Collection<String> columns) {
    ParquetFooter first = footers.get(0);
    List<Leaf> leaves = ParquetSchemas.of(first.schema()).leaves(first.file(), columns);
    boolean[] nullable = new boolean[leaves.size()];
    for (ParquetFooter footer : footers) {
      ParquetSchemas schemas = ParquetSchemas.of(footer.schema());
      for (int i = 0; i < nullable.length; i++) {
        nullable[i] |= same(first.file(), leaves.get(i), footer.file(), schemas).nullable();
      }
    }
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < nullable.length; i++) {
      fields.add(new Field(leaves.get(i).name(), leaves.get(i).type(), nullable[i]));
    }
    return RecordSchema.of(fields);
  }

  private static Field same(String first, Leaf wanted, String file, ParquetSchemas schemas) {
    Leaf found = schemas.find(wanted.name());
    if (found == null) {
      List<String> names = schemas.leaves().stream().map(Leaf::name).toList();
      throw new IllegalArgumentException(
          "Schemas differ: "
              + file
              + " has no column '"
              + wanted.name()
              + "' ("
              + wanted.type()
              + " in "
              + first
              + "; its columns are "
              + String.join(", ", names)
              + "); read the files apart, or leave the column out");
    }
    if (!found.type().equals(wanted.type())) {
      throw new IllegalArgumentException(
          "Schemas differ: column '"
              + wanted.name()
              + "' is "
              + found.type()
              + " ("
              + found.parquetType()
              + ") in "
              + file
              + " but "
              + wanted.type()
              + " ("
              + wanted.parquetType()
              + ") in "
              + first
              + "; read the files apart, or write one of them again with the other type");
    }
    return found.field();
  }
}
