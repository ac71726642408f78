package io.featurebeam.transforms.records;

import io.featurebeam.columnar.RecordBatch;
import java.util.List;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviderRegistrar;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.values.TypeDescriptor;

/** Makes {@link BatchCoder} the coder of every collection of batches; found by ServiceLoader. */
public final class BatchCoderRegistrar implements CoderProviderRegistrar {

  @Override
  public List<CoderProvider> getCoderProviders() {
    return List.of(CoderProviders.forCoder(TypeDescriptor.of(RecordBatch.class), BatchCoder.of()));
  }
}
