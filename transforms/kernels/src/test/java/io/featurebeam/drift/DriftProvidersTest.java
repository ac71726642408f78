package io.featurebeam.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.settings.Settings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DriftProvidersTest {

  private static Map<String, DriftMetricProvider> providers() {
    Map<String, DriftMetricProvider> providers = new TreeMap<>();
    for (DriftMetricProvider provider : ServiceLoader.load(DriftMetricProvider.class)) {
      DriftMetricProvider other = providers.put(provider.name(), provider);
      assertEquals(null, other, provider.name() + " is there twice");
    }
    return providers;
  }

  @Test
  void everyBuiltInMetricIsFoundByItsName() {
    List<DriftMetric> builtIn =
        List.of(
            DriftMetrics.lInfinity(),
            DriftMetrics.totalVariation(),
            DriftMetrics.jensenShannonDivergence(),
            DriftMetrics.jensenShannonDistance(),
            DriftMetrics.psi(),
            DriftMetrics.kl(),
            DriftMetrics.chiSquare(),
            DriftMetrics.kolmogorovSmirnov(),
            DriftMetrics.wasserstein(0.5),
            DriftMetrics.wassersteinNormalised(),
            DriftMetrics.meanChange(),
            DriftMetrics.stddevChange(),
            DriftMetrics.nullRateChange(),
            DriftMetrics.notFiniteRateChange(),
            DriftMetrics.rowCountChange(),
            DriftMetrics.distinctCountChange(),
            DriftMetrics.newCategories(),
            DriftMetrics.missingCategories());
    Map<String, DriftMetricProvider> providers = providers();
    assertEquals(builtIn.size(), providers.size());
    for (DriftMetric metric : builtIn) {
      DriftMetricProvider provider = providers.get(metric.name());
      Map<String, Object> settings =
          metric.name().equals("wasserstein") ? Map.of("threshold", 0.5) : Map.of();
      assertEquals(metric, provider.create(new Settings(settings)));
      assertFalse(provider.description().isEmpty());
    }
  }

  @Test
  void settingsReachTheMetric() {
    DriftMetricProvider psi = providers().get("psi");
    assertEquals(
        DriftMetrics.psi(0.25, 20, 0.001),
        psi.create(new Settings(Map.of("threshold", 0.25, "bins", 20L, "floor", 0.001))));
    assertEquals(
        List.of("threshold", "bins", "floor"),
        psi.parameters().stream().map(parameter -> parameter.name()).toList());
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> psi.create(new Settings(Map.of("bins", 1L << 40))));
    assertEquals("Invalid bins: 2147483647 (must be 2 to 1000)", e.getMessage());
  }

  @Test
  void metricsAreSerializable() throws IOException, ClassNotFoundException {
    DriftMetric metric = DriftMetrics.psi();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(metric);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertEquals(metric, in.readObject());
    }
  }
}
