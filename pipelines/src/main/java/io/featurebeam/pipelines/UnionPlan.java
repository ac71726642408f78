package io.featurebeam.pipelines;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.columnar.Spelling;
import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.pipelines.spec.UnionSource;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.FlowFn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * Several sources as one: each is asked for those of the wanted columns that it has, by its own
 * names, and its batches are brought to the columns of all before they flow together.
 *
 * @param schema the columns of the first, behind them those that only later ones have, and the name
 *     of a record's input
 */
record UnionPlan(RecordSchema schema, List<Input> inputs) implements SourcePlan {

  /**
   * One of the sources.
   *
   * @param kind the word in the spec
   * @param ours its columns by our names
   * @param theirs the names that its columns have there, by ours
   */
  record Input(
      String name,
      String kind,
      SourcePlan source,
      RecordSchema ours,
      HashMap<String, String> theirs) {

    /** A source with its columns renamed; refuses names that are not there, or taken. */
    static Input of(String name, UnionSource.Input spec, SourcePlan source) {
      RecordSchema there = source.schema();
      for (String renamed : spec.columns().keySet()) {
        if (!there.contains(renamed)) {
          throw new IllegalArgumentException(
              "Unknown column: '" + renamed + "'" + Spelling.hint(renamed, there.names()));
        }
      }
      List<Field> fields = new ArrayList<>();
      HashMap<String, String> theirs = new HashMap<>();
      for (Field field : there.fields()) {
        String our = spec.columns().getOrDefault(field.name(), field.name());
        if (our.equals(UnionSource.INPUT)) {
          throw new IllegalArgumentException(
              "Duplicate column: '"
                  + our
                  + "' of '"
                  + name
                  + "' (a union adds a column of this name, which says where a record is from;"
                  + " rename yours: columns: { input: other })");
        }
        String other = theirs.put(our, field.name());
        if (other != null) {
          throw new IllegalArgumentException(
              "Duplicate column: '"
                  + our
                  + "' of '"
                  + name
                  + "' is there '"
                  + other
                  + "' and '"
                  + field.name()
                  + "' (give one of them another name)");
        }
        fields.add(new Field(our, field.type(), field.nullable()));
      }
      return new Input(name, spec.source().kind(), source, RecordSchema.of(fields), theirs);
    }

    private Request request(Request request) {
      if (!ours.contains(request.eventTime())) {
        throw new IllegalArgumentException(
            "Input '"
                + name
                + "' has no column '"
                + request.eventTime()
                + "', the event time (rename the one that it has: columns: { theirs: "
                + request.eventTime()
                + " })");
      }
      return new Request(
          wanted(request).stream().map(theirs::get).toList(),
          Objects.requireNonNull(theirs.get(request.eventTime())),
          request.from(),
          request.to(),
          request.masked().stream()
              .filter(ours::contains)
              .map(theirs::get)
              .collect(Collectors.toSet()),
          request.rejectedAt(),
          request.hashed());
    }

    /** In the order of the source, as it gives them. */
    private List<String> wanted(Request request) {
      Set<String> wanted = new HashSet<>(request.columns());
      return ours.names().stream().filter(wanted::contains).toList();
    }
  }

  /** Brings the columns of all inputs together; refuses types that differ. */
  static UnionPlan of(List<Input> inputs) {
    Map<String, Field> fields = new LinkedHashMap<>();
    Map<String, String> from = new HashMap<>();
    for (Input input : inputs) {
      for (Field field : input.ours().fields()) {
        Field known = fields.putIfAbsent(field.name(), field);
        if (known == null) {
          from.put(field.name(), input.name());
        } else if (!known.type().equals(field.type())) {
          throw new IllegalArgumentException(
              "Column '"
                  + field.name()
                  + "' is "
                  + known.type()
                  + " in '"
                  + from.get(field.name())
                  + "' and "
                  + field.type()
                  + " in '"
                  + input.name()
                  + "' (must be of one type in all inputs of a union; declare its type, or rename"
                  + " it in one of them)");
        }
      }
    }
    List<Field> all = new ArrayList<>();
    for (Field field : fields.values()) {
      boolean required =
          inputs.stream()
              .allMatch(
                  i -> i.ours().contains(field.name()) && !i.ours().field(field.name()).nullable());
      all.add(new Field(field.name(), field.type(), !required));
    }
    all.add(Field.required(UnionSource.INPUT, FieldType.STRING));
    return new UnionPlan(RecordSchema.of(all), List.copyOf(inputs));
  }

  @Override
  public long rows() {
    boolean known = inputs.stream().allMatch(input -> input.source().rows() >= 0);
    return known ? inputs.stream().mapToLong(input -> input.source().rows()).sum() : -1;
  }

  @Override
  public PTransform<PBegin, PCollection<RecordBatch>> read(Request request) {
    return new PTransform<>() {
      private static final long serialVersionUID = 1L;

      @Override
      public PCollection<RecordBatch> expand(PBegin begin) {
        List<PCollection<RecordBatch>> flows = new ArrayList<>();
        for (Input input : inputs) {
          flows.add(
              begin
                  .apply("Read " + input.name(), input.source().read(input.request(request)))
                  .apply("Conform " + input.name(), ParDo.of(fn(input, request)))
                  .setCoder(BatchCoder.of()));
        }
        return PCollectionList.of(flows).apply("Join", Flatten.pCollections());
      }
    };
  }

  @Override
  public List<Origin.Input> reads() {
    return inputs.stream().flatMap(input -> input.source().reads().stream()).distinct().toList();
  }

  @Override
  public SourcePlan over(List<Origin.Input> earlier) {
    List<Input> over = new ArrayList<>();
    for (Input input : inputs) {
      over.add(
          new Input(
              input.name(),
              input.kind(),
              input.source().over(earlier),
              input.ours(),
              input.theirs()));
    }
    return new UnionPlan(schema, over);
  }

  private ConformFn fn(Input input, Request request) {
    Map<String, String> theirs = new HashMap<>(input.theirs());
    theirs.keySet().retainAll(request.columns());
    return new ConformFn(input.name(), schema.project(request.columns()), theirs);
  }

  @Override
  public List<String> notes(Request request) {
    List<String> notes = new ArrayList<>();
    for (Input input : inputs) {
      List<String> renamed =
          input.ours().names().stream()
              .filter(our -> !our.equals(input.theirs().get(our)))
              .map(our -> input.theirs().get(our) + " as " + our)
              .toList();
      List<String> lacks =
          request.columns().stream()
              .filter(c -> !c.equals(UnionSource.INPUT) && !input.ours().contains(c))
              .toList();
      notes.add(
          "input    "
              + input.name()
              + ", "
              + input.kind()
              + (renamed.isEmpty() ? "" : "; has " + String.join(", ", renamed))
              + (lacks.isEmpty() ? "" : "; has no " + String.join(", ", lacks)));
      notes.addAll(input.source().notes(input.request(request)));
    }
    return notes;
  }

  /** Puts the columns of one input where the union has them. */
  private static final class ConformFn extends FlowFn {
    private static final long serialVersionUID = 1L;
    private final String input;
    private final RecordSchema schema;

    /** The names of its columns, by ours. */
    private final HashMap<String, String> theirs;

    ConformFn(String input, RecordSchema schema, Map<String, String> theirs) {
      super(ReadFiles.STEP, false);
      this.input = input;
      this.schema = schema;
      this.theirs = new HashMap<>(theirs);
    }

    @Override
    protected void records(RecordBatch batch, Consumer<RecordBatch> out) {
      List<Column> columns = new ArrayList<>();
      for (Field field : schema.fields()) {
        String their = theirs.get(field.name());
        if (their != null) {
          columns.add(batch.column(their));
        } else if (field.name().equals(UnionSource.INPUT)) {
          columns.add(name(batch.size()));
        } else {
          columns.add(Column.nulls(field.type(), batch.size()));
        }
      }
      out.accept(RecordBatch.of(schema, batch.size(), columns, batch.positions()));
    }

    private Column name(int size) {
      Slices names = Slices.of(List.of(input.getBytes(StandardCharsets.UTF_8)));
      return BytesColumn.coded(FieldType.STRING, names, new int[size], size, null);
    }
  }
}
