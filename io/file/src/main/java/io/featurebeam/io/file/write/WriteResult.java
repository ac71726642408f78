package io.featurebeam.io.file.write;

import io.featurebeam.io.file.publish.PublishOutcome;
import io.featurebeam.io.file.publish.WrittenFile;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/**
 * What {@link WriteBatches} gives: the files as they were written, and how publishing them ended.
 */
public final class WriteResult implements POutput {

  private final PCollection<WrittenFile> files;
  private final PCollection<PublishOutcome> outcome;
  private final TupleTag<WrittenFile> filesTag = new TupleTag<>("files");
  private final TupleTag<PublishOutcome> outcomeTag = new TupleTag<>("outcome");

  WriteResult(PCollection<WrittenFile> files, PCollection<PublishOutcome> outcome) {
    this.files = files;
    this.outcome = outcome;
  }

  /** Each written file, before it is published. */
  public PCollection<WrittenFile> files() {
    return files;
  }

  /** Exactly one element, once the output is published or withheld. */
  public PCollection<PublishOutcome> outcome() {
    return outcome;
  }

  @Override
  public Pipeline getPipeline() {
    return outcome.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(filesTag, files, outcomeTag, outcome);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
