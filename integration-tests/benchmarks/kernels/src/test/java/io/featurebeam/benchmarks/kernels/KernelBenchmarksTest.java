package io.featurebeam.benchmarks.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.featurebeam.benchmarks.Spread;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class KernelBenchmarksTest {

  @Test
  void aLineHoldsTheFormOfAllBenchmarks() {
    KernelBenchmarks.Measured ours =
        new KernelBenchmarks.Measured(Spread.of(1.5, 2.0, 2.5), 1_000_000);
    KernelBenchmarks.Measured bound = new KernelBenchmarks.Measured(Spread.of(0.5), 8_192);
    assertEquals(
        "{\"workload\":\"kernels\",\"rows\":1000000,"
            + "\"ours\":\"rule.check.between\",\"peer\":\"memory_bound.copy_cached\","
            + "\"our_seconds\":{\"min\":1.500e-03,\"median\":2.000e-03,\"max\":2.500e-03},"
            + "\"peer_seconds\":{\"min\":5.000e-04,\"median\":5.000e-04,\"max\":5.000e-04},"
            + "\"ratio\":0.250,\"target\":null,\"met\":null,"
            + "\"our_peak_mib\":null,\"peer_peak_mib\":null,"
            + "\"our_ns_per_value\":{\"min\":1.500,\"median\":2.000,\"max\":2.500},"
            + "\"peer_ns_per_value\":{\"min\":0.500,\"median\":0.500,\"max\":0.500}}",
        KernelBenchmarks.line("rule.check.between", ours, bound).toString());
  }

  @Test
  void namesAreLowerSnake() {
    assertEquals("memory_bound", KernelBenchmarks.snake("MemoryBound"));
    assertEquals("check", KernelBenchmarks.snake("check"));
  }

  @Test
  void batchesDependOnTheSeedAlone() {
    assertEquals(CardBatches.batch(1), CardBatches.batch(1));
    assertNotEquals(CardBatches.batch(1), CardBatches.batch(2));
  }

  @Test
  void everyKernelRunsOnItsBatch() throws IOException {
    RuleKernels rules = new RuleKernels();
    rules.rule = "matches";
    rules.bind();
    assertEquals(CardBatches.SIZE, rules.check().cardinality());

    FeatureKernels features = new FeatureKernels();
    features.feature = "one_hot";
    features.fit();
    assertEquals(CardBatches.SCHEMA.size() + 4, features.map().schema().size());

    CodecKernels codec = new CodecKernels();
    codec.fill();
    assertEquals(CardBatches.batch(1), codec.decode());

    WriterKernels writer = new WriterKernels();
    writer.format = "numpy";
    writer.fill();
    int widths = 4 * (9 + 6 + 8) + 8 + 8 + 4; // three texts, a number, a time and four masks
    long values = (long) WriterKernels.BATCHES * CardBatches.SIZE * widths;
    assertEquals((double) values, (double) writer.write(), 0.01 * values);
  }
}
