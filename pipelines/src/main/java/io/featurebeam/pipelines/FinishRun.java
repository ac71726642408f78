package io.featurebeam.pipelines;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.publish.PublishOutcome;
import io.featurebeam.io.file.publish.Publisher;
import io.featurebeam.io.file.publish.WrittenFile;
import io.featurebeam.io.file.write.WriteFlow;
import io.featurebeam.time.Micros;
import io.featurebeam.transforms.records.Facts;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.jspecify.annotations.Nullable;

/**
 * The end of a run, on one worker: adds up the facts, publishes what was written unless a rule with
 * {@code onFail: fail} objects, and hands the whole to a {@link Reporter}. A retry does the same
 * again.
 */
final class FinishRun extends PTransform<PCollection<WriteFlow.Piece>, PCollection<String>> {

  private static final long serialVersionUID = 1L;

  private static final WriteFlow.Piece NOTHING =
      new WriteFlow.Piece(WriteFlow.FACTS, null, BatchCodec.encode(new Facts.Builder().build()));

  /** Takes what is known of a run at its end. */
  interface Reporter extends Serializable {
    void report(RunFacts facts, @Nullable PublishOutcome records, @Nullable PublishOutcome rejects)
        throws IOException;
  }

  private final WriteFlow.@Nullable Destination records;
  private final WriteFlow.@Nullable Destination rejects;
  private final String runId;
  private final Reporter reporter;
  private final boolean begins;

  FinishRun(
      WriteFlow.@Nullable Destination records,
      WriteFlow.@Nullable Destination rejects,
      String runId,
      Reporter reporter) {
    this(records, rejects, runId, reporter, false);
  }

  private FinishRun(
      WriteFlow.@Nullable Destination records,
      WriteFlow.@Nullable Destination rejects,
      String runId,
      Reporter reporter,
      boolean begins) {
    this.records = records;
    this.rejects = rejects;
    this.runId = runId;
    this.reporter = reporter;
    this.begins = begins;
  }

  /**
   * Lets the run itself claim the outputs and note the time when it begins: who makes a template
   * does neither.
   */
  FinishRun withBegin() {
    return new FinishRun(records, rejects, runId, reporter, true);
  }

  @Override
  public PCollection<String> expand(PCollection<WriteFlow.Piece> pieces) {
    return (begins ? withBegin(pieces) : withNothing(pieces))
        .apply("One key", WithKeys.of(0))
        .apply("Gather", GroupByKey.create())
        .apply("Publish", ParDo.of(new PublishFn(this)));
  }

  private PCollection<WriteFlow.Piece> withBegin(PCollection<WriteFlow.Piece> pieces) {
    PCollection<WriteFlow.Piece> begin =
        pieces
            .getPipeline()
            .apply("Begin", Impulse.create())
            .apply("Claim outputs", ParDo.of(new BeginFn(this)))
            .setCoder(pieces.getCoder());
    return PCollectionList.of(pieces).and(begin).apply("With begin", Flatten.pCollections());
  }

  private static final class BeginFn extends DoFn<byte[], WriteFlow.Piece> {
    private static final long serialVersionUID = 1L;
    private final FinishRun run;

    BeginFn(FinishRun run) {
      this.run = run;
    }

    @ProcessElement
    public void process(OutputReceiver<WriteFlow.Piece> out) throws IOException {
      for (WriteFlow.Destination destination : Arrays.asList(run.records, run.rejects)) {
        if (destination != null) {
          new Publisher(destination.publication(), run.runId).claim();
        }
      }
      RecordBatch facts = RunFacts.began(Micros.floor(Instant.now()));
      out.output(new WriteFlow.Piece(WriteFlow.FACTS, null, BatchCodec.encode(facts)));
    }
  }

  /** With a piece without content: a run of no records ends like any other. */
  private static PCollection<WriteFlow.Piece> withNothing(PCollection<WriteFlow.Piece> pieces) {
    PCollection<WriteFlow.Piece> one =
        pieces.getPipeline().apply("Nothing", Create.of(NOTHING).withCoder(pieces.getCoder()));
    return PCollectionList.of(pieces).and(one).apply("And nothing", Flatten.pCollections());
  }

  private static final class PublishFn
      extends DoFn<KV<Integer, Iterable<WriteFlow.Piece>>, String> {
    private static final long serialVersionUID = 1L;
    private final FinishRun run;

    PublishFn(FinishRun run) {
      this.run = run;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<WriteFlow.Piece>> pieces, OutputReceiver<String> out)
        throws IOException {
      RunFacts facts = new RunFacts();
      List<WrittenFile> recordFiles = new ArrayList<>();
      List<WrittenFile> rejectFiles = new ArrayList<>();
      for (WriteFlow.Piece piece : pieces.getValue()) {
        if (piece.facts() != null) {
          facts.add(piece.facts());
        } else {
          (piece.destination().equals(WriteFlow.REJECTS) ? rejectFiles : recordFiles)
              .add(piece.file());
        }
      }
      PublishOutcome rejectOutcome = publish(run.rejects, rejectFiles, List.of(), Map.of());
      PublishOutcome recordOutcome =
          publish(run.records, recordFiles, facts.objections(), facts.hashes());
      run.reporter.report(facts, recordOutcome, rejectOutcome);
      out.output(run.runId);
    }

    private @Nullable PublishOutcome publish(
        WriteFlow.@Nullable Destination destination,
        List<WrittenFile> files,
        List<String> objections,
        Map<String, String> hashes)
        throws IOException {
      if (destination == null) {
        return null;
      }
      Publisher publisher = new Publisher(destination.publication().withHashes(hashes), run.runId);
      return objections.isEmpty() ? publisher.publish(files) : publisher.withhold(objections);
    }
  }
}
