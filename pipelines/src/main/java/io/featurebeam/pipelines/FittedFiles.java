package io.featurebeam.pipelines;

import io.featurebeam.feature.FittedFeature;
import io.featurebeam.feature.FittedFeatures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** Fitted features as files: one readable JSON document, replaced as a whole. */
final class FittedFiles {

  /** A fitted state is small; a file beyond this is something else. */
  private static final int MAX_BYTES = 256 << 20;

  private FittedFiles() {}

  static FittedFeatures read(String path) {
    ResourceId file;
    try {
      file = FileSystems.matchSingleFileSpec(path).resourceId();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Missing fitted features: " + path + " (a run with fit: {path: ...} writes it)", e);
    }
    try (InputStream in = Channels.newInputStream(FileSystems.open(file))) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IllegalArgumentException("too large (must be at most 256 MiB)");
      }
      return FittedFeatures.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Invalid fitted features: "
              + path
              + ": "
              + String.valueOf(e.getMessage()).replaceFirst("^Invalid fitted features: ", ""),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read fitted features: " + path, e);
    }
  }

  /** Writes what was learned, once; an empty training range fails, and nothing is written. */
  static PTransform<PCollection<FittedFeatures>, PCollection<String>> write(String path) {
    return new PTransform<>() {
      private static final long serialVersionUID = 1L;

      @Override
      public PCollection<String> expand(PCollection<FittedFeatures> fitted) {
        return fitted.apply("Write", ParDo.of(new WriteFn(path)));
      }
    };
  }

  private static final class WriteFn extends DoFn<FittedFeatures, String> {
    private static final long serialVersionUID = 1L;
    private final String path;

    WriteFn(String path) {
      this.path = path;
    }

    @ProcessElement
    public void process(@Element FittedFeatures fitted, OutputReceiver<String> out)
        throws IOException {
      checkLearned(fitted);
      ResourceId target = FileSystems.matchNewResource(path, false);
      ResourceId draft = FileSystems.matchNewResource(path + ".draft", false);
      try (WritableByteChannel channel = FileSystems.create(draft, "application/json")) {
        ByteBuffer bytes = ByteBuffer.wrap(fitted.toJson().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      FileSystems.rename(List.of(draft), List.of(target), StandardMoveOptions.IGNORE_MISSING_FILES);
      out.output(path);
    }

    private static void checkLearned(FittedFeatures fitted) {
      for (FittedFeature feature : fitted.features().values()) {
        if (feature.trainedRows() > 0 || feature.trainedRanges().isEmpty()) {
          return;
        }
        FittedFeature.Range range = feature.trainedRanges().get(0);
        throw new IllegalStateException(
            "Nothing to learn from: no record that the rules accept has an event time from "
                + range.from()
                + " to "
                + range.to()
                + " (change from and to of fit:)");
      }
    }
  }
}
