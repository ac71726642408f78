package io.featurebeam.io.file.read;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.FileHashes;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Tells the SHA-256 of files as facts, each by one worker, beside the steps that read them.
 *
 * <p>A file is read once more for it: what a hash costs is little, and readers pass over columns
 * and row groups, in pieces, so that none of them sees a file whole.
 */
public final class HashFiles extends PTransform<PBegin, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** The name of the step in facts. */
  public static final String STEP = "inputs";

  /** The name of a fact whose bytes are a hash, a space and the name of the file. */
  public static final String SHA256 = "sha256";

  private final List<Named> files;

  /** A file and what facts call it. */
  private record Named(String file, String name) implements Serializable {}

  private HashFiles(List<Named> files) {
    this.files = files;
  }

  /** Files, and what facts call them. */
  public static HashFiles of(Map<String, String> names) {
    List<Named> files = new ArrayList<>();
    names.forEach((file, name) -> files.add(new Named(file, name)));
    return new HashFiles(files);
  }

  @Override
  public PCollection<RecordBatch> expand(PBegin begin) {
    return begin
        .apply("Files", Create.of(files).withCoder(SerializableCoder.of(Named.class)))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Hash", ParDo.of(new HashFn()))
        .setCoder(BatchCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("files", files.size()));
  }

  private static final class HashFn extends DoFn<Named, RecordBatch> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Named file, OutputReceiver<RecordBatch> out) throws IOException {
      String fact = FileHashes.sha256(file.file()) + " " + file.name();
      out.output(
          new Facts.Builder().add(STEP, SHA256, fact.getBytes(StandardCharsets.UTF_8)).build());
    }
  }
}
