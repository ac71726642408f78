package io.featurebeam.pipelines;

import io.featurebeam.runners.LocalFlink;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.TypeDescriptors;

/** Placeholder: counts three elements, to prove that the chosen runner runs. */
public final class FeaturePipeline {

  private FeaturePipeline() {}

  public static void main(String[] args) {
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs(LocalFlink.withClasses(args))
                .withValidation()
                .create());
    pipeline
        .apply("Create", Create.of("a", "b", "c"))
        .apply("Count", Count.globally())
        .apply(
            "Print",
            MapElements.into(TypeDescriptors.longs())
                .via(
                    count -> {
                      System.out.println("counted " + count);
                      return count;
                    }));
    pipeline.run().waitUntilFinish();
  }
}
