package io.featurebeam.pipelines.spec;

import static io.featurebeam.pipelines.spec.Shape.KeyShape.optional;
import static io.featurebeam.pipelines.spec.Shape.KeyShape.required;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.pipelines.spec.Shape.Choice;
import io.featurebeam.pipelines.spec.Shape.Family;
import io.featurebeam.pipelines.spec.Shape.Form;
import io.featurebeam.pipelines.spec.Shape.Items;
import io.featurebeam.pipelines.spec.Shape.ItemsOr;
import io.featurebeam.pipelines.spec.Shape.KeyShape;
import io.featurebeam.pipelines.spec.Shape.Named;
import io.featurebeam.pipelines.spec.Shape.OneOf;
import io.featurebeam.pipelines.spec.Shape.OneOfOr;
import io.featurebeam.pipelines.spec.Shape.Plain;
import io.featurebeam.pipelines.spec.Shape.Provided;
import io.featurebeam.pipelines.spec.Shape.Section;
import io.featurebeam.pipelines.spec.Shape.WordOr;
import io.featurebeam.settings.Parameter;
import io.featurebeam.time.Window;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Every key of a spec file, what it takes and what it means, declared once. */
final class SpecShape {

  private static final Shape COLUMN = new Plain(Parameter.Kind.COLUMN);
  static final Shape TEXT = new Plain(Parameter.Kind.STRING);
  private static final Shape FLAG = new Plain(Parameter.Kind.BOOLEAN);
  private static final Shape SPAN = new Plain(Parameter.Kind.DURATION);
  private static final Shape COLUMNS = new Items(COLUMN);
  static final String SPAN_PATTERN = "[0-9]{1,19} *(us|ms|s|m|h|d|w)";

  static final Shape NAME = new Form("a name", Names.PATTERN, "flights", SpecShape::checkedName);

  static final Shape PATH =
      new Form("a path", "\\S", "data/flights.parquet", SpecShape::checkedPath);

  private static final Shape WINDOW =
      new WordOr(
          new Form("a length of time, or lifetime", SPAN_PATTERN + "|lifetime", "1h", Window::of),
          Section.of(
              required(
                  "session",
                  SPAN,
                  "The silence of a key that ends its session: the row sees the events since the"
                      + " last one, if it is not over.")));

  private static final Shape TIME =
      new Form(
          "a date, or a date and time, UTC unless an offset is given",
          "-?[0-9]{4,9}-[0-9]{2}-[0-9]{2}(T.+)?",
          "2001-01-31",
          text -> Times.parse("time", text),
          time -> Times.format((Long) time));

  static final Shape TYPE =
      new Form(
          "a type",
          "(list<)?(boolean|int64|float64|string|bytes|timestamp|date|time)>?",
          "float64",
          FieldType::parse);

  private static final List<String> TIME_WORDS =
      List.of("iso", "epoch-seconds", "epoch-millis", "epoch-micros");

  private static final Shape TIME_FORMAT =
      new Form(
          "a format of java.time.format.DateTimeFormatter, or epoch-seconds, epoch-millis or"
              + " epoch-micros",
          ".+",
          "yyyy/MM/dd HH:mm",
          SpecShape::checkedFormat);

  private static final Shape CHARACTER =
      new Form("one character", ".", ";", SpecShape::onlyCharacter);

  private static final Shape CHARACTER_OR_NONE =
      new Form(
          "one character, or none",
          ".|none",
          "'",
          SpecShape::characterOrNone,
          c -> word((Character) c));

  private static final Shape SIZE =
      new Form(
          "a number of bytes",
          "[1-9][0-9]* ?(B|KiB|MiB|GiB)",
          "128MiB",
          Sizes::parse,
          size -> Sizes.format((Long) size));

  private static final Shape PARTITION =
      new Form(
          "a column, or year, month, day or hour of one",
          ".+",
          "day(date)",
          SinkSpec.Partition::parse);

  private static final KeyShape PATHS =
      required("path", new Items(PATH), "The file or files; *, ? and {a,b} match many.");

  private static final KeyShape OVERWRITE =
      optional(
          "overwrite",
          FLAG,
          "Whether output of another spec and data files of others may be replaced; false if left"
              + " out.");

  private static final KeyShape WHERE =
      optional(
          "where",
          new Plain(Parameter.Kind.EXPRESSION),
          "A CEL condition over the columns of the output: only rows for which it is true are"
              + " written; all if left out.");

  private static final KeyShape MANIFEST =
      optional(
          "manifest",
          Section.of(
              optional(
                  "inputs",
                  Choice.of(ManifestSpec.Inputs.class),
                  "How the files that were read are known again: by size and SHA-256, for which"
                      + " each is read once more, or by size alone; hashes if left out. A run over"
                      + " a range tells sizes."),
              optional(
                  "versions",
                  new Plain(Parameter.Kind.INTEGER),
                  "How many manifests of earlier runs are kept, to be listed and compared; 100 if"
                      + " left out.")),
          "What the manifest says of how the output was made.");

  private static final KeyShape READ_COLUMNS =
      optional(
          "columns", COLUMNS, "The columns to read; those that the pipeline needs if left out.");

  private static final KeyShape TIMESTAMP_FORMATS =
      optional(
          "timestampFormats",
          new Named("column", TIME_FORMAT),
          "Formats of timestamp, date and time columns that are not ISO 8601.");

  private static final KeyShape MAX_RECORD =
      optional("maxRecord", SIZE, "A longer record is malformed; 1MiB if left out.");

  private static final KeyShape SERVERS =
      required("servers", TEXT, "The brokers: host:port, several parted by commas.");

  private static final KeyShape TLS =
      optional(
          "tls",
          Section.of(
              optional(
                  "truststore",
                  PATH,
                  "Whom to trust: PKCS 12, or JKS if it ends so; on every worker."),
              optional("password", TEXT, "Of the truststore."),
              optional("keystore", PATH, "One's own certificate, likewise."),
              optional("keystorePassword", TEXT, "Of the keystore and its key.")),
          "Encrypts; in clear if left out.");

  private static final KeyShape LOGIN =
      optional(
          "login",
          Section.of(
              optional(
                  "mechanism",
                  new Choice(List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")),
                  "PLAIN if left out."),
              required("username", TEXT, "The user."),
              required("password", TEXT, "The password; take it from the environment.")),
          "Logs in by SASL; not if left out.");

  private static final KeyShape PROPERTIES =
      optional(
          "properties",
          new Named("property", TEXT),
          "Other properties of Kafka's clients, by their names there.");

  private static final Section KAFKA_SOURCE =
      Section.of(
          SERVERS,
          required("topic", new Items(TEXT), "The topic or topics."),
          required(
              "format",
              Choice.of(KafkaSource.Format.class),
              "What a message's value holds: one record. text and bytes make a column named"
                  + " value."),
          optional(
              "columns",
              new Named("column", TYPE),
              "Name and type of each column of json and csv."),
          TIMESTAMP_FORMATS,
          optional("schema", PATH, "The Avro schema: a file of JSON."),
          optional(
              "registry",
              Section.of(
                  required("url", TEXT, "http://host:port or https://host:port."),
                  optional("username", TEXT, "For basic authentication."),
                  optional("password", TEXT, "Of the user."),
                  optional("truststore", PATH, "Whom to trust: PKCS 12; on every worker."),
                  optional("truststorePassword", TEXT, "Of the truststore.")),
              "Where confluentAvro looks up the schemas of messages; without schema, the newest of"
                  + " the first topic says which columns there are."),
          optional(
              "metadata",
              new Named("column", TEXT),
              "More columns: key, keyBytes, timestamp (the log's), topic, partition, offset,"
                  + " header(NAME) or header(NAME, TYPE)."),
          optional(
              "tombstones",
              Choice.of(KafkaSource.Tombstones.class),
              "What becomes of messages without a value: rejects, nothing but a count, or records"
                  + " of nulls; reject if left out."),
          MAX_RECORD,
          optional(
              "start",
              new WordOr(
                  new Choice(List.of("earliest", "latest")),
                  Section.of(
                      optional("time", TIME, "From this time of the log on."),
                      optional("group", TEXT, "From what this consumer group committed on."))),
              "Where to begin: earliest (the default), latest, a time, or a group's offsets."),
          optional(
              "until",
              new Choice(List.of("latest")),
              "latest: ends at what the topics hold when the run begins."),
          optional(
              "disorder",
              SPAN,
              "How much older a message may be than one before it in its partition; 10s if left"
                  + " out."),
          optional(
              "idle",
              SPAN,
              "When a partition without messages no longer holds event time; 30s if left out."),
          TLS,
          LOGIN,
          PROPERTIES);

  private static final Section KAFKA_SINK =
      Section.of(
          SERVERS,
          required("topic", TEXT, "The topic, which must be there."),
          optional(
              "format",
              Choice.of(KafkaSink.Format.class),
              "What a message's value holds; json if left out."),
          optional(
              "key",
              COLUMNS,
              "The columns of the message key: of one its text, of several a JSON array; none if"
                  + " left out."),
          WHERE,
          optional(
              "headers",
              new Named("header", TEXT),
              "Headers of every message, besides featurebeam-spec, a hash of the spec."),
          optional(
              "exactlyOnce",
              Section.of(
                  required("group", TEXT, "Names this output for ever, and no other."),
                  optional(
                      "writers",
                      new Plain(Parameter.Kind.INTEGER),
                      "How many write side by side; 1 if left out.")),
              "Writes in transactions that belong to checkpoints, without headers; at least once"
                  + " if left out."),
          TLS,
          LOGIN,
          PROPERTIES);

  private static final Section REDIS_SINK =
      Section.of(
          required("server", TEXT, "host:port of Redis 5 or later, not of a cluster."),
          optional(
              "group",
              TEXT,
              "What services look the rows up by: letters, digits, . _ -; the spec's name if left"
                  + " out."),
          optional(
              "ttl",
              SPAN,
              "For how long after its event time a row is kept; for ever if left out."),
          optional(
              "tls",
              Section.of(
                  optional(
                      "truststore",
                      PATH,
                      "Whom to trust: PKCS 12, or JKS if it ends so; on every worker."),
                  optional("password", TEXT, "Of the truststore.")),
              "Encrypts; in clear if left out."),
          optional(
              "login",
              Section.of(
                  optional("user", TEXT, "The user; the default one if left out."),
                  required("password", TEXT, "The password; take it from the environment.")),
              "Logs in; not if left out."),
          optional("database", new Plain(Parameter.Kind.INTEGER), "Which database; 0 if left out."),
          optional(
              "overwrite",
              FLAG,
              "Whether a group of other keys, or of columns that are gone or of another type, is"
                  + " gone on with; false if left out."),
          WHERE);

  private static final Section JDBC_SINK =
      Section.of(
          required(
              "url",
              TEXT,
              "jdbc:postgresql://host:port/database, with the driver's settings behind a ?, such as"
                  + " sslmode=verify-full."),
          required("user", TEXT, "Who writes."),
          optional(
              "password", TEXT, "The password; take it from the environment. None if left out."),
          optional("schema", TEXT, "The schema, which must be there; public if left out."),
          optional(
              "table", TEXT, "The table, made if it is not there; the spec's name if left out."),
          optional(
              "ttl",
              SPAN,
              "For how long after its event time a row counts, and is then deleted; for ever if left"
                  + " out."),
          optional(
              "addColumns",
              FLAG,
              "Whether the table is given the columns that it lacks; refused if left out."),
          optional(
              "overwrite",
              FLAG,
              "Whether a table of another spec, or of features that are gone, may be written; false"
                  + " if left out."),
          WHERE);

  /** A source that is not made of others. */
  static final OneOf INPUT =
      new OneOf(
          List.of(
              required("parquet", Section.of(PATHS, READ_COLUMNS), "Parquet files."),
              required(
                  "csv",
                  Section.of(
                      PATHS,
                      optional("delimiter", CHARACTER, "Between fields; a comma if left out."),
                      optional(
                          "quote",
                          CHARACTER_OR_NONE,
                          "Around a field; twice in quotes it stands for itself; a double quote if"
                              + " left out."),
                      optional(
                          "escape",
                          CHARACTER_OR_NONE,
                          "Takes the next character literally; none if left out."),
                      optional(
                          "comment",
                          CHARACTER_OR_NONE,
                          "Starts a line to be skipped; none if left out."),
                      optional(
                          "trim",
                          FLAG,
                          "Whether spaces and tabs around fields are dropped; false if left out."),
                      optional(
                          "encoding",
                          new Choice(List.of("UTF-8", "ISO-8859-1")),
                          "UTF-8 if left out."),
                      optional(
                          "header", FLAG, "Whether line 1 names the columns; true if left out."),
                      optional(
                          "columns",
                          new Named("column", TYPE),
                          "Name and type of each column; names of the header and inferred types"
                              + " if left out."),
                      optional(
                          "nulls",
                          new Items(TEXT),
                          "Unquoted texts that mean null; the empty text if left out."),
                      TIMESTAMP_FORMATS,
                      MAX_RECORD),
                  "CSV files, RFC 4180 or a dialect."),
              required(
                  "json",
                  Section.of(
                      PATHS,
                      optional(
                          "columns",
                          new Named("column", TYPE),
                          "Name and type of each column; inferred if left out."),
                      TIMESTAMP_FORMATS,
                      MAX_RECORD),
                  "JSON lines: one object per line."),
              required("avro", Section.of(PATHS, READ_COLUMNS), "Avro object container files."),
              required("kafka", KAFKA_SOURCE, "Topics of Kafka.")),
          true);

  private static final KeyShape UNION =
      required(
          "union",
          new Named(
              "name",
              new OneOf(
                  INPUT.keys(),
                  true,
                  List.of(
                      optional(
                          "columns",
                          new Named("column", COLUMN),
                          "New names of the input's columns: theirs to ours.")))),
          "Several inputs read as one; the column input says which one a record is from.");

  private static final OneOf SOURCE =
      new OneOf(Stream.concat(INPUT.keys().stream(), Stream.of(UNION)).toList(), true);

  private static final Shape EITHER_SOURCE =
      new OneOfOr(
          SOURCE,
          Section.of(
              required("batch", INPUT, "The history: a source with an end."),
              required("stream", INPUT, "What goes on behind it, with the same columns."),
              required(
                  "cut",
                  TIME,
                  "From this event time on, records come from stream alone; earlier ones from"
                      + " batch, and from stream where batch lacks them, by the columns of"
                      + " dedupe.")));

  private static final Section BOUNDS =
      Section.of(
          optional(
              "left",
              new Choice(List.of("closed", "open")),
              "Whether an event exactly at the" + " window's start counts (closed) or not (open)."),
          optional(
              "right", new Choice(List.of("closed", "open")), "The same for the window's end."),
          optional(
              "delay", SPAN, "How far before the row's time the window ends; none if left out."),
          optional("hop", SPAN, "What the window's start is rounded down to; exact if left out."),
          optional(
              "rowCap",
              new Plain(Parameter.Kind.INTEGER),
              "The most events that count, the latest, at least 1; all if left out."),
          optional(
              "excludeCurrent",
              FLAG,
              "Whether the row's own event is left out; false if left" + " out."),
          optional(
              "rowDelay",
              new Plain(Parameter.Kind.INTEGER),
              "How many of the latest events do not count, before rowCap takes from the rest; none"
                  + " if left out."),
          optional(
              "ties",
              new Choice(List.of("all", "before", "none")),
              "Which events of the row's own time, beside its own, count with right: closed: all,"
                  + " those before it by sequence and content, or none; all if left out, before in"
                  + " profile openmldb. At the end of a period all are before."));

  private static final Section CHANGES =
      Section.of(
          required(
              "column",
              COLUMN,
              "The string, int64 or boolean column that says what a record does, such as op."),
          required(
              "deletes",
              new Items(TEXT),
              "Its values that delete, such as d, or -D and -U; any other value inserts, and so"
                  + " does null."));

  private static final Section AGGREGATE =
      Section.of(
          required(
              "window",
              new Items(WINDOW),
              "How far to look back, or { session: 30m }; several at once."),
          optional(
              "emit",
              new WordOr(
                  new Choice(List.of("everyEvent", "windowClose")),
                  Section.of(required("every", SPAN, "The period, aligned to 1970 UTC."))),
              "A row per event (everyEvent, the default), per tumbling window or session"
                  + " (windowClose), or per period with events (every: 1h)."),
          optional("every", SPAN, "Short for emit: { every: ... }."),
          optional(
              "early",
              SPAN,
              "In a stream, how often rows of windowClose and every are shown before they are"
                  + " complete, if they have changed; not at all if left out."),
          optional(
              "profile",
              new Choice(List.of("default", "feast", "chronon", "feathr", "openmldb")),
              "Whose rules decide which events at the edges count; bounds change single ones."),
          optional("bounds", BOUNDS, "Which events at the edges count."),
          optional("keys", COLUMNS, "The entity keys of this group; the pipeline's if left out."),
          optional(
              "changes",
              CHANGES,
              "Which records, of a changed table, delete: each undoes an insert of equal key, event"
                  + " time and values; an update is a delete and an insert. The same in all"
                  + " groups."),
          optional(
              "rows",
              new Plain(Parameter.Kind.EXPRESSION),
              "With emit: everyEvent, a CEL condition on the events that have a row, such as"
                  + " input == 'payments'; windows see the others too. All if left out."),
          required(
              "features",
              new Named("name", new Provided(Family.AGGREGATE)),
              "The aggregates; each makes a column per window: mean_delay_1h."));

  private static final OneOf SINK =
      new OneOf(
          List.of(
              required("parquet", sink(Choice.of(SinkSpec.Compression.class)), "Parquet files."),
              required("json", sink(textCompression()), "JSON lines."),
              required("csv", sink(textCompression()), "CSV files with a header."),
              required(
                  "tfrecord",
                  sink(noneOrGzip()),
                  "TFRecord files of tf.Example; float64 has the precision of float32 there."),
              required(
                  "numpy",
                  sink(noneOrGzip()),
                  "Files that numpy.load reads, .npz with an array per column; gzip is as"
                      + " savez_compressed writes, and fileSize counts before it."),
              required(
                  "kafka",
                  KAFKA_SINK,
                  "A topic of Kafka. Rows are sent as they come: a topic takes nothing back when a"
                      + " rule fails the run, and a run again sends again."),
              required(
                  "redis",
                  REDIS_SINK,
                  "Redis, which keeps the newest row of each key for services to look up. A run"
                      + " that ends writes when no rule fails it."),
              required(
                  "jdbc",
                  JDBC_SINK,
                  "A table of PostgreSQL that keeps the newest row of each key, for services to"
                      + " read. A run that ends writes when no rule fails it.")),
          false);

  private static final KeyShape VALIDATE =
      optional("validate", new Items(new Provided(Family.RULE)), "What records must satisfy.");

  private static final KeyShape FEATURES =
      optional(
          "features",
          new Named("name", new Provided(Family.FEATURE)),
          "Columns computed from each record.");

  private static final KeyShape DEDUPE =
      optional(
          "dedupe",
          new ItemsOr(
              (Items) COLUMNS,
              Section.of(
                  required("by", COLUMNS, "Columns that identify a record."),
                  optional(
                      "within",
                      SPAN,
                      "How far apart in event time copies may be; needed in a stream, any distance"
                          + " if left out."))),
          "Columns that identify a record; its copies are dropped.");

  private static final Section GROUP =
      Section.of(
          optional(
              "spec",
              PATH,
              "A spec whose features it is, relative to this file; the keys beside it stand before"
                  + " those there. What it says of lateness, emission, sinks, rejects and report does"
                  + " not count."),
          optional("source", EITHER_SOURCE, "Where its records are read from."),
          optional("eventTime", COLUMN, "The timestamp column of its records."),
          optional("keys", COLUMNS, "The columns by which labels find its records."),
          optional("sequence", COLUMN, "Orders records of equal time."),
          DEDUPE,
          VALIDATE,
          FEATURES,
          optional(
              "fitted",
              Section.of(required("path", PATH, "The file that an earlier fit wrote.")),
              "What fitted features learned."),
          optional(
              "aggregate",
              new Items(AGGREGATE),
              "Aggregates over windows that end at the label's time; emit does not count."),
          optional(
              "asOf",
              Section.of(
                  required(
                      "columns",
                      new Named("column", COLUMN),
                      "The columns that labels get: theirs to the name beside the labels."),
                  optional("created", COLUMN, "Of rows of equal time, the one with the latest."),
                  optional(
                      "where",
                      new Plain(Parameter.Kind.EXPRESSION),
                      "A CEL condition on the rows that count, over their columns and those of the"
                          + " label, label_NAME; all if left out."),
                  optional(
                      "right",
                      new Choice(List.of("closed", "open")),
                      "Whether a row at the label's very time counts; closed if left out."),
                  optional("delay", SPAN, "How long after its time a row begins to count.")),
              "The latest row at the label's time, in the place of aggregates."),
          optional(
              "labelKeys",
              new Named("column", COLUMN),
              "The columns of the labels, where keys have other names: theirs to the labels'."),
          optional(
              "ttl",
              SPAN,
              "How old the latest record of a label's key may be for the label to be matched; any"
                  + " age if left out."),
          optional(
              "knownAfter",
              SPAN,
              "How long after its time a record is known: features that might see it before are"
                  + " refused. At once if left out; if it reads what the labels read, the horizon."),
          optional(
              "unmatched",
              new Choice(List.of("nulls", "drop")),
              "What becomes of labels whose key has no record yet: nulls (the default), or rejects"
                  + " (drop)."));

  /** What a group of features may say. */
  static final List<String> GROUP_KEYS = GROUP.keys().stream().map(KeyShape::name).toList();

  private static final KeyShape UNTIL =
      required(
          "until",
          new Named("part", TIME),
          "The first parts, each with its end, not part of it, in order of time.");

  private static final KeyShape REST =
      required("rest", TEXT, "The name of the part that takes what is left.");

  private static final OneOf SPLIT =
      new OneOf(
          List.of(
              required(
                  "byKey",
                  Section.of(
                      required("keys", COLUMNS, "The columns by whose hash rows are parted."),
                      required(
                          "shares",
                          new Named("part", new Plain(Parameter.Kind.NUMBER)),
                          "The first parts, each with its share of the keys; a key stays in its part"
                              + " when data grows."),
                      REST,
                      optional(
                          "seed",
                          new Plain(Parameter.Kind.INTEGER),
                          "Another gives another, independent choice; 0 if left out."),
                      optional(
                          "within",
                          new Named("part", Section.of(UNTIL, REST)),
                          "Parts that are split by time in turn, and the names of theirs.")),
                  "By a hash of the key, so that all rows of a key are in one part."),
              required(
                  "byTime",
                  Section.of(UNTIL, REST),
                  "By event time; without groups by that of the row, which is window_end unless"
                      + " each event has one.")),
          false);

  private static final Section SAMPLE =
      Section.of(
          required(
              "where",
              new Plain(Parameter.Kind.EXPRESSION),
              "A CEL condition: the labels, or rows, of which a share is kept; all others are."),
          required(
              "keep",
              new Plain(Parameter.Kind.NUMBER),
              "The share to keep, above 0 and at most 1."),
          optional(
              "keys",
              COLUMNS,
              "The columns that, with the event time, tell labels apart; those by which groups find"
                  + " records if left out, without groups those of the aggregates."),
          optional(
              "seed",
              new Plain(Parameter.Kind.INTEGER),
              "Another gives another, independent choice; 0 if left out."),
          optional(
              "weight",
              TEXT,
              "The column that says for how many labels one stands; multiplied if it is there."
                  + " weight if left out."));

  private static final Section TRAINING_SET =
      Section.of(
          optional(
              "groups",
              new Named("name", GROUP),
              "The features that each label gets, as they were at its time. If left out, beside"
                  + " aggregate, the rows of the aggregates are the training set."),
          optional(
              "horizon", SPAN, "How long after its time a label is known; at once if left out."),
          optional(
              "sample",
              new Items(SAMPLE),
              "Keeps a share of some labels, with weights, before features are joined; without"
                  + " groups, of some rows."),
          optional("split", SPLIT, "Adds a column split, such as train or test."),
          optional(
              "asOf",
              TIME,
              "Labels that are known only after this time are rejects; none if left out."));

  /** The whole file. */
  static final Section ROOT =
      Section.of(
          required("name", NAME, "Names the run, its steps and its report."),
          required("source", EITHER_SOURCE, "Where events are read from."),
          required("eventTime", COLUMN, "The timestamp column that says when an event happened."),
          optional("keys", COLUMNS, "The entity keys that events are aggregated by."),
          optional("sequence", COLUMN, "Orders events of equal time."),
          DEDUPE,
          optional(
              "lateness",
              SPAN,
              "In a stream, for how long after it was complete a row still takes events, and how long"
                  + " labels wait for them; later ones are rejects. None if left out."),
          VALIDATE,
          FEATURES,
          optional(
              "fit",
              Section.of(
                  required("path", PATH, "The file that what was learned is written to."),
                  required("from", TIME, "Start of the training range."),
                  required("to", TIME, "End of the training range, not part of it.")),
              "Learn the features that need it from this run."),
          optional(
              "fitted",
              Section.of(required("path", PATH, "The file that an earlier fit wrote.")),
              "Use what an earlier run learned."),
          optional("aggregate", new Items(AGGREGATE), "Aggregates of events over windows."),
          optional(
              "trainingSet",
              TRAINING_SET,
              "Makes records labels: each comes out with features of other sources as they were at"
                  + " its time; or the rows of aggregates a training set, with sample and split."),
          optional(
              "sink",
              new Items(SINK),
              "Where the output is written: a folder of files, topics, stores, or several of"
                  + " them."),
          optional(
              "rejects",
              Section.of(
                  required("path", PATH, "The folder."),
                  optional("format", Choice.of(RejectsSpec.Format.class), "parquet if left out."),
                  OVERWRITE),
              "Where rejected records go; only counted if left out."),
          optional(
              "report", Section.of(required("path", PATH, "The HTML file.")), "The run's report."),
          optional(
              "runner",
              new Section(PipelineSpec.RUNNERS.stream().map(SpecShape::runner).toList()),
              "Options of Beam and the runner, by the name of the runner where they count; a flag"
                  + " stands before them."),
          optional(
              "mask",
              COLUMNS,
              "Columns that rejects, reports and logs never show, nor what features make of them."),
          optional("tests", new Items(PATH), "Spec test files, relative to this file."));

  private SpecShape() {}

  /** An enum constant as YAML writes it: {@code WINDOW_CLOSE} is {@code windowClose}. */
  static String word(Enum<?> constant) {
    String[] parts = constant.name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder word = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      word.append(parts[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(parts[i].substring(1));
    }
    return word.toString();
  }

  private static KeyShape runner(String name) {
    String example =
        switch (name) {
          case "direct" -> "targetParallelism: 4";
          case "flink" -> "parallelism: 4";
          case "spark" -> "sparkMaster: local[4]";
          default -> "workerMachineType: n2-standard-4";
        };
    return optional(name, new Named("option", TEXT), "Such as " + example + ".");
  }

  private static Section sink(Choice compression) {
    return Section.of(
        required("path", PATH, "The folder."),
        optional("partitionBy", new Items(PARTITION), "The folders below it, outermost first."),
        optional("compression", compression, "zstd for parquet, else none if left out."),
        optional("fileSize", SIZE, "About how large a file grows; 128MiB if left out."),
        OVERWRITE,
        MANIFEST,
        WHERE);
  }

  private static Choice textCompression() {
    return new Choice(List.of("none", "gzip", "zstd"));
  }

  private static Choice noneOrGzip() {
    return new Choice(List.of("none", "gzip"));
  }

  private static String checkedName(String text) {
    Names.check("name", text);
    return text;
  }

  private static String checkedPath(String text) {
    return Names.path("path", text);
  }

  private static String checkedFormat(String text) {
    if (!TIME_WORDS.contains(text)) {
      var unused = DateTimeFormatter.ofPattern(text, Locale.ROOT);
    }
    return text;
  }

  private static Character onlyCharacter(String text) {
    if (text.length() != 1) {
      throw new IllegalArgumentException("must be one character");
    }
    return text.charAt(0);
  }

  private static Character characterOrNone(String text) {
    if (text.equals("none")) {
      return SourceSpec.Dialect.NONE;
    }
    if (text.length() != 1) {
      throw new IllegalArgumentException("must be one character, or none");
    }
    return text.charAt(0);
  }

  /** A character as YAML writes it, or none. */
  static String word(char c) {
    return c == SourceSpec.Dialect.NONE ? "none" : String.valueOf(c);
  }
}
