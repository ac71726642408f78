package io.featurebeam.integration;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who may use whom: a table from the bottom up, in which a package may use only packages above it
 * in the text. A new package, or a new use, needs a line or a word here.
 */
class ArchitectureTest {

  private static final String ROOT = "io.featurebeam.";

  /** A package and the packages of ours that it may use. */
  private record Layer(String name, List<String> uses) {
    static Layer of(String name, String... uses) {
      return new Layer(name, List.of(uses));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Plain Java: what a serving process links too. */
  private static final List<Layer> KERNELS =
      List.of(
          Layer.of("columnar"),
          Layer.of("settings"),
          Layer.of("time"),
          Layer.of("expression", "columnar"),
          Layer.of("rule", "columnar", "expression", "settings"),
          Layer.of("feature", "columnar", "expression", "settings", "time"),
          Layer.of("aggregate", "columnar", "expression", "settings", "time"),
          Layer.of("join", "columnar", "aggregate", "expression", "time"),
          Layer.of("profile", "columnar"),
          Layer.of("drift", "columnar", "profile", "settings"),
          Layer.of("anomaly", "columnar", "settings"),
          Layer.of("history", "settings"),
          Layer.of("skew", "columnar", "rule"),
          Layer.of("dataset", "columnar", "expression", "time"),
          Layer.of("io.lookup", "columnar"));

  /** Shells around the kernels; Beam is known from here on. */
  private static final List<Layer> SHELLS =
      List.of(
          Layer.of("transforms.records", "columnar", "time"),
          Layer.of("transforms.validate", "columnar", "rule", "time", "transforms.records"),
          Layer.of("transforms.features", "columnar", "feature", "transforms.records"),
          Layer.of("transforms.aggregate", "columnar", "aggregate", "time", "transforms.records"),
          Layer.of(
              "transforms.join", "columnar", "aggregate", "join", "time", "transforms.records"),
          Layer.of("transforms.profile", "columnar", "profile", "transforms.records"),
          Layer.of("transforms.dataset", "columnar", "dataset", "transforms.records"),
          Layer.of(
              "transforms.skew", "columnar", "skew", "transforms.records", "transforms.validate"),
          Layer.of("io.file"),
          Layer.of("io.file.text", "columnar", "io.file"),
          Layer.of("io.file.parquet", "columnar", "io.file", "io.file.text"),
          Layer.of("io.file.avro", "columnar", "io.file", "io.file.text"),
          Layer.of(
              "io.file.read",
              "columnar",
              "transforms.records",
              "io.file",
              "io.file.parquet",
              "io.file.text",
              "io.file.avro"),
          Layer.of("io.file.publish", "columnar", "io.file"),
          Layer.of("io.file.write", "columnar", "transforms.records", "io.file", "io.file.publish"),
          Layer.of(
              "io.kafka",
              "columnar",
              "expression",
              "transforms.records",
              "io.file.read",
              "io.file.write",
              "io.file.text",
              "io.file.avro"),
          Layer.of("io.store", "columnar", "expression", "transforms.records", "io.lookup"),
          Layer.of("io.redis", "columnar", "transforms.records", "io.lookup", "io.store"),
          Layer.of("io.jdbc", "columnar", "transforms.records", "io.lookup", "io.store"),
          Layer.of("runners"));

  /** What is made of all of the above. */
  private static final List<Layer> PRODUCT =
      List.of(
          Layer.of(
              "pipelines.spec",
              "columnar",
              "settings",
              "time",
              "expression",
              "rule",
              "feature",
              "aggregate",
              "join",
              "dataset",
              "skew"),
          Layer.of("pipelines.cli", "columnar", "pipelines.spec", "runners"),
          Layer.of("pipelines.report", "columnar", "profile", "skew", "pipelines.spec"),
          Layer.of(
              "pipelines",
              Stream.concat(
                      names(KERNELS, SHELLS),
                      Stream.of("pipelines.spec", "pipelines.cli", "pipelines.report"))
                  .toArray(String[]::new)),
          Layer.of(
              "integration",
              Stream.concat(names(KERNELS, SHELLS), Stream.of("pipelines", "pipelines.spec"))
                  .toArray(String[]::new)));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.featurebeam");

  static Stream<Layer> kernels() {
    return KERNELS.stream();
  }

  static Stream<Layer> layers() {
    return Stream.of(KERNELS, SHELLS, PRODUCT).flatMap(List::stream);
  }

  @Test
  void everyPackageStandsInTheTable() {
    Set<String> packages =
        CLASSES.stream()
            .map(type -> type.getPackageName().substring(ROOT.length()))
            .collect(toCollection(TreeSet::new));
    Set<String> known = layers().map(Layer::name).collect(toCollection(TreeSet::new));
    assertEquals(known, packages);
  }

  @Test
  void theTableHasOneDirection() {
    Set<String> below = new TreeSet<>();
    layers()
        .forEach(
            layer -> {
              Set<String> notBelow = new TreeSet<>(layer.uses());
              notBelow.removeAll(below);
              assertEquals(Set.of(), notBelow, layer + " uses what does not stand above it");
              below.add(layer.name());
            });
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aPackageUsesOnlyWhatTheTableSays(Layer layer) {
    String[] allowed =
        Stream.concat(Stream.of(layer.name()), layer.uses().stream())
            .map(ROOT::concat)
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(ROOT + layer.name())
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + ".")
                .and(not(resideInAnyPackage(allowed)))
                .as("reside in another package of ours than " + String.join(", ", allowed)))
        .check(CLASSES);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void aKernelKnowsNeitherBeamNorARunner(Layer kernel) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + kernel.name())
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.beam..", "org.apache.flink..", "org.apache.spark..", "org.apache.hadoop..")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"util", "utils", "common", "impl", "helper", "helpers", "misc"})
  void noPackageHasANameThatSaysNothing(String name) {
    noClasses().should().resideInAPackage(ROOT + "." + name + "..").check(CLASSES);
  }

  private static Stream<String> names(List<Layer> lower, List<Layer> upper) {
    return Stream.of(lower, upper).flatMap(List::stream).map(Layer::name);
  }
}
