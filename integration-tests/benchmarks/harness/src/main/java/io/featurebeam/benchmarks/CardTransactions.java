package io.featurebeam.benchmarks;

import io.featurebeam.benchmarks.TransactionWriter.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;

/**
 * Generates the card transactions of the {@code card-batch} workload as a directory of Parquet
 * files (zstd).
 *
 * <pre>{@code
 * CardTransactions --output=target/card-5m --rows=5000000 --users=20000 --seed=42
 * }</pre>
 *
 * <p>The same arguments give the same records on every machine: each file draws from its own
 * generator, seeded by the seed and the number of the file, so the files can be written in
 * parallel. Users follow a Zipf distribution (exponent {@code --zipf}), merchants a milder one,
 * amounts are log-normal and in whole cents. Times cover 30 days from 2024-01-01 and grow with the
 * file order, as in an event log: a record is at most {@link #MAX_DISORDER} older than its place
 * says.
 *
 * <p>About one record in a thousand breaks exactly one of the four rules of the workload. Every
 * user has at least one record (which needs at least as many rows as users); with {@code
 * --coverUsers=false} a rare user may have none.
 */
public final class CardTransactions {
  static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  static final Duration SPAN = Duration.ofDays(30);

  /** How far a record may lie behind the place in the log that it is written at. */
  static final Duration MAX_DISORDER = Duration.ofMinutes(3);

  private static final int MERCHANTS = 5_000;
  private static final double MERCHANT_EXPONENT = 0.6;
  private static final double BROKEN_SHARE = 0.001;
  private static final double LABEL_SHARE = 0.002;

  /** Location and scale of ln(amount): a median of 33, one amount in a hundred above 500. */
  private static final double AMOUNT_LOCATION = 3.5;

  private static final double AMOUNT_SCALE = 1.2;
  private static final double MAX_AMOUNT = 99_999.99;

  /** Encoded and not yet compressed: about a million records. */
  private static final long ROW_GROUP_BYTES = 32L << 20;

  private static final Binary[] COUNTRIES =
      binaries(
          "US", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "SE", "CH", "AT", "BE", "PT", "IE", "DK",
          "NO", "FI", "CZ", "CA", "JP");
  private static final Binary[] CHANNELS = binaries("pos", "web", "app", "atm");
  private static final Binary[] BROKEN_MERCHANTS =
      binaries("M00001", "m1234", "m123456", "x01234", "", "m0123a");
  private static final Binary UNKNOWN_CHANNEL = Binary.fromString("unknown");

  private final long rows;
  private final int users;
  private final int files;
  private final long spanMicros;
  private final long seed;
  private final boolean coverUsers;
  private final ZipfSampler userRanks;
  private final ZipfSampler merchantRanks;
  private final ZipfSampler countryRanks;
  private final ZipfSampler channelRanks;
  private final Binary[] merchants;
  private final long scatterFactor;

  private CardTransactions(
      long rows, int users, int files, Duration span, long seed, double zipf, boolean coverUsers) {
    if (rows <= 0) {
      throw new IllegalArgumentException("Invalid number of rows: " + rows + " (must be > 0)");
    }
    if (users <= 0 || users > 100_000_000) {
      throw new IllegalArgumentException(
          "Invalid number of users: " + users + " (must be between 1 and 100000000)");
    }
    if (files <= 0) {
      throw new IllegalArgumentException("Invalid number of files: " + files + " (must be > 0)");
    }
    if (coverUsers && rows < users) {
      throw new IllegalArgumentException(
          "Cannot cover " + users + " users with " + rows + " rows (needs a row for each user)");
    }
    this.rows = rows;
    this.users = users;
    this.files = files;
    this.spanMicros = span.toMillis() * 1_000;
    this.seed = seed;
    this.coverUsers = coverUsers;
    userRanks = new ZipfSampler(users, zipf);
    merchantRanks = new ZipfSampler(MERCHANTS, MERCHANT_EXPONENT);
    countryRanks = new ZipfSampler(COUNTRIES.length, 1.0);
    channelRanks = new ZipfSampler(CHANNELS.length, 0.8);
    merchants = new Binary[MERCHANTS];
    for (int i = 0; i < MERCHANTS; i++) {
      merchants[i] = Binary.fromString(String.format(Locale.ROOT, "m%05d", i));
    }
    long factor = 7_368_787;
    while (greatestCommonDivisor(factor, users) != 1) {
      factor += 2;
    }
    scatterFactor = factor;
  }

  /**
   * As the workload has them: users by Zipf with exponent 1, all with a record where rows suffice.
   */
  static CardTransactions of(long rows, int users, long seed) {
    return of(rows, users, SPAN, seed);
  }

  /** The same over another span of time. */
  static CardTransactions of(long rows, int users, Duration span, long seed) {
    return new CardTransactions(rows, users, files(rows), span, seed, 1.0, rows >= users);
  }

  private static int files(long rows) {
    return (int) Math.max(2, Math.min(16, rows / 1_250_000));
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.parse(args);
    Path output = Path.of(arguments.required("output"));
    long rows = arguments.optional("rows", 5_000_000L);
    int files = (int) arguments.optional("files", (long) files(rows));
    CardTransactions transactions =
        new CardTransactions(
            rows,
            (int) arguments.optional("users", 20_000L),
            files,
            SPAN,
            arguments.optional("seed", 42L),
            arguments.optional("zipf", 1.0),
            arguments.optional("coverUsers", true));
    int threads =
        (int) arguments.optional("threads", (long) Runtime.getRuntime().availableProcessors());
    arguments.rejectUnread();

    long started = System.nanoTime();
    Summary summary = transactions.write(output, threads);
    System.out.printf(
        Locale.ROOT,
        "%d records, %d broken, %d labelled, %d files, %d bytes in %.1f s%n",
        rows,
        summary.broken,
        summary.labelled,
        files,
        summary.bytes,
        (System.nanoTime() - started) / 1e9);
  }

  /** What was written, for the person who reads the console. */
  record Summary(long broken, long labelled, long bytes) {
    Summary plus(Summary other) {
      return new Summary(broken + other.broken, labelled + other.labelled, bytes + other.bytes);
    }
  }

  /** Writes the files into a new or empty directory. */
  Summary write(Path output, int threads)
      throws IOException, InterruptedException, ExecutionException {
    Files.createDirectories(output);
    try (Stream<Path> existing = Files.list(output)) {
      if (existing.findAny().isPresent()) {
        throw new IllegalArgumentException("Output is not empty: " + output);
      }
    }
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Summary>> parts = new ArrayList<>();
      for (int file = 0; file < files; file++) {
        int number = file;
        parts.add(executor.submit(() -> writeFile(output, number)));
      }
      Summary total = new Summary(0, 0, 0);
      for (Future<Summary> part : parts) {
        total = total.plus(part.get());
      }
      return total;
    } finally {
      executor.shutdownNow();
    }
  }

  private Summary writeFile(Path output, int number) throws IOException {
    long first = rows * number / files;
    long end = rows * (number + 1) / files;
    Path file = output.resolve(String.format(Locale.ROOT, "part-%05d.parquet", number));
    // Mixed, because neighbouring seeds of a SplittableRandom give streams that overlap.
    SplittableRandom random =
        new SplittableRandom(new SplittableRandom(seed + 0x632BE59BD9B4E019L * number).nextLong());
    Transaction transaction = new Transaction();
    long broken = 0;
    long labelled = 0;
    try (ParquetWriter<Transaction> writer =
        new TransactionWriter(new LocalOutputFile(file))
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .build()) {
      for (long index = first; index < end; index++) {
        if (fill(transaction, index, random)) {
          broken++;
        }
        if (transaction.label) {
          labelled++;
        }
        writer.write(transaction);
      }
    }
    return new Summary(broken, labelled, Files.size(file));
  }

  /** Draws the record at a place in the log; says whether it breaks a rule. */
  private boolean fill(Transaction transaction, long index, SplittableRandom random) {
    transaction.id = index;
    transaction.setUser(user(index, random));
    transaction.merchant = merchants[merchantRanks.next(random)];
    transaction.amount = amount(random);
    transaction.country = COUNTRIES[countryRanks.next(random)];
    transaction.channel = CHANNELS[channelRanks.next(random)];
    transaction.time = time(index, random);
    transaction.label = random.nextDouble() < LABEL_SHARE;
    if (random.nextDouble() >= BROKEN_SHARE) {
      return false;
    }
    switch (random.nextInt(4)) {
      case 0 -> transaction.amount = -transaction.amount;
      case 1 -> transaction.country = null;
      case 2 -> transaction.channel = UNKNOWN_CHANNEL;
      default -> transaction.merchant = BROKEN_MERCHANTS[random.nextInt(BROKEN_MERCHANTS.length)];
    }
    return true;
  }

  private int user(long index, SplittableRandom random) {
    int rank = userRanks.next(random);
    if (coverUsers) {
      long stride = rows / users;
      if (index % stride == 0 && index / stride < users) {
        rank = (int) (index / stride);
      }
    }
    return scatter(rank);
  }

  /** The number of any user, frequent ones more often. */
  int anyUser(SplittableRandom random) {
    return scatter(userRanks.next(random));
  }

  /**
   * Maps ranks to numbers one to one, so that frequent users are not neighbours in the alphabet: no
   * contender shall profit from hot keys that lie together.
   */
  private int scatter(int rank) {
    return (int) ((rank * scatterFactor + 4_711) % users);
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  private static double amount(SplittableRandom random) {
    // Box and Muller by StrictMath, not nextGaussian: the JDK may change how that draws.
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    double gaussian = radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    double amount = StrictMath.exp(AMOUNT_LOCATION + AMOUNT_SCALE * gaussian);
    return Math.min(MAX_AMOUNT, Math.max(1, Math.rint(amount * 100)) / 100);
  }

  private long time(long index, SplittableRandom random) {
    double place = (index + random.nextDouble()) / rows;
    // Most records are seconds late, a few minutes: the fourth power keeps the tail thin.
    double lateness = random.nextDouble();
    lateness = lateness * lateness * lateness * lateness;
    long offset = (long) (place * spanMicros) - (long) (lateness * MAX_DISORDER.toMillis() * 1_000);
    return START.toEpochMilli() * 1_000 + Math.min(spanMicros - 1, Math.max(0, offset));
  }

  private static Binary[] binaries(String... values) {
    return Stream.of(values).map(Binary::fromString).toArray(Binary[]::new);
  }
}
