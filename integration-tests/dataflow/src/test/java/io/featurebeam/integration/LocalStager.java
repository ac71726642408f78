package io.featurebeam.integration;

import com.google.api.services.dataflow.model.DataflowPackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.runners.dataflow.util.PackageUtil.StagedFile;
import org.apache.beam.runners.dataflow.util.Stager;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * In the place of uploading: says that files lie in the staging bucket, and puts what Dataflow
 * would get beside them, the portable pipeline, next to the template.
 */
public final class LocalStager implements Stager {

  private final DataflowPipelineOptions options;

  private LocalStager(DataflowPipelineOptions options) {
    this.options = options;
  }

  /** Called by the runner. */
  public static LocalStager fromOptions(PipelineOptions options) {
    return new LocalStager(options.as(DataflowPipelineOptions.class));
  }

  @Override
  public List<DataflowPackage> stageFiles(List<StagedFile> files) {
    return files.stream().map(file -> staged(file.getDestination())).toList();
  }

  @Override
  public DataflowPackage stageToFile(byte[] bytes, String name) {
    try {
      Files.write(Path.of(options.getTemplateLocation()).resolveSibling(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return staged(name);
  }

  private DataflowPackage staged(String name) {
    return new DataflowPackage()
        .setName(name)
        .setLocation(options.getStagingLocation() + "/" + name);
  }
}
