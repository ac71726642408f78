package io.featurebeam.integration;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use whom. A new package of the kernels or a new module needs a line here. */
class ArchitectureTest {

  private static final String ROOT = "io.featurebeam.";

  /** The packages of the kernels, and which others of ours each may use. */
  private static final Map<String, Set<String>> KERNELS =
      Map.of(
          "columnar", Set.of(),
          "time", Set.of("columnar", "expression", "settings"),
          "expression", Set.of("columnar", "time", "settings"),
          "settings", Set.of("columnar", "time", "expression"),
          "rule", Set.of("columnar", "time", "expression", "settings"),
          "aggregate", Set.of("columnar", "time", "expression", "settings"),
          "feature", Set.of("columnar", "time", "expression", "settings", "aggregate"),
          "profile", Set.of("columnar", "time", "expression", "settings", "aggregate"));

  /** The packages above the kernels, and which others of these each must not use. */
  private static final Map<String, Set<String>> SHELLS =
      Map.of(
          "transforms", Set.of("io", "pipelines", "runners", "integration"),
          "io", Set.of("pipelines", "runners", "integration"),
          "runners", Set.of("transforms", "io", "pipelines", "integration"),
          "pipelines", Set.of("integration"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.featurebeam");

  static Stream<String> kernels() {
    return KERNELS.keySet().stream().sorted();
  }

  static Stream<String> shells() {
    return SHELLS.keySet().stream().sorted();
  }

  @Test
  void theClassesOfEveryLayerAreSeen() {
    for (String name : new String[] {"columnar", "transforms", "runners", "pipelines"}) {
      assertTrue(
          CLASSES.stream().anyMatch(type -> name.equals(topPackage(type))),
          "No class of "
              + ROOT
              + name
              + " on the class path: the rules below would hold of nothing");
    }
  }

  @Test
  void everyTopLevelPackageIsKnown() {
    Set<String> unknown =
        CLASSES.stream().map(ArchitectureTest::topPackage).collect(toCollection(TreeSet::new));
    unknown.removeAll(KERNELS.keySet());
    unknown.removeAll(SHELLS.keySet());
    unknown.remove("integration");
    assertEquals(Set.of(), unknown, "packages without a rule");
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void aKernelUsesOnlyItsAllowedKernels(String kernel) {
    String[] allowed =
        Stream.concat(Stream.of(kernel), KERNELS.get(kernel).stream())
            .map(ArchitectureTest::tree)
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(tree(kernel))
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + ".")
                .and(not(resideInAnyPackage(allowed)))
                .as("reside in another package of ours than " + String.join(", ", allowed)))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void aKernelKnowsNeitherBeamNorARunner(String kernel) {
    noClasses()
        .that()
        .resideInAPackage(tree(kernel))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.beam..", "org.apache.flink..", "org.apache.spark..", "org.apache.hadoop..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aShellUsesOnlyWhatIsBelowIt(String shell) {
    String[] above = SHELLS.get(shell).stream().map(ArchitectureTest::tree).toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(tree(shell))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(above)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void packagesOfTheProductFormNoCycle() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"util", "utils", "common", "impl", "helper", "helpers", "misc"})
  void noPackageHasANameThatSaysNothing(String name) {
    noClasses().should().resideInAPackage(ROOT + "." + name + "..").check(CLASSES);
  }

  private static String tree(String topPackage) {
    return ROOT + topPackage + "..";
  }

  private static String topPackage(JavaClass type) {
    String[] names = type.getPackageName().substring(ROOT.length()).split("\\.", 2);
    return names[0];
  }
}
