package io.featurebeam.pipelines.spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pipeline spec from YAML 1.2.
 *
 * <pre>{@code
 * PipelineSpec spec = SpecParser.withDefaults().parse(Path.of("flights.yaml"));
 * }</pre>
 *
 * <p>Everything that is wrong is told at once, in a {@link SpecException}: unknown and duplicate
 * keys, wrong values, providers that refuse their settings, each with file, line and column. {@code
 * ${NAME}} is the environment variable of that name; its value is a {@linkplain Secrets secret} and
 * shows in no error. A file may have at most 1 Mi characters, 32 levels and 50,000 values.
 */
public final class SpecParser {

  /** What a spec says of its output and how it runs. */
  private static final List<String> OUTPUT =
      List.of("lateness", "sink", "rejects", "report", "runner", "tests");

  private final Providers providers;
  private final List<String> overrides;
  private final UnaryOperator<@Nullable String> environment;

  private SpecParser(
      Providers providers, List<String> overrides, UnaryOperator<@Nullable String> environment) {
    this.providers = providers;
    this.overrides = List.copyOf(overrides);
    this.environment = environment;
  }

  /** With the providers found on the classpath and the environment of this process. */
  public static SpecParser withDefaults() {
    return new SpecParser(Providers.discovered(), List.of(), System::getenv);
  }

  public SpecParser withProviders(Providers newProviders) {
    return new SpecParser(newProviders, overrides, environment);
  }

  /** Values that stand before those of the file: {@code sink.parquet.path=out}, in order. */
  public SpecParser withOverrides(List<String> newOverrides) {
    return new SpecParser(providers, newOverrides, environment);
  }

  /** Variables and no others. */
  public SpecParser withEnvironment(Map<String, String> variables) {
    Map<String, String> copy = Map.copyOf(variables);
    return new SpecParser(providers, overrides, copy::get);
  }

  /** The spec in a file; what is wrong, also that it cannot be read, is a {@link SpecException}. */
  public PipelineSpec parse(Path file) {
    return read(file).spec();
  }

  /**
   * The spec in a text.
   *
   * @param source what errors call it
   */
  public PipelineSpec parse(String text, String source) {
    return read(text, source).spec();
  }

  /** As {@link #parse(Path)}, with the place of each part. */
  public ParsedSpec read(Path file) {
    return readFile(file.toString());
  }

  /**
   * As {@link #read(Path)}; a path may also be of any file system that Beam's {@code FileSystems}
   * were told the options of, such as {@code gs://}.
   */
  public ParsedSpec readFile(String file) {
    return read(SpecFiles.text(file), file);
  }

  /** As {@link #parse(String, String)}, with the place of each part. */
  public ParsedSpec read(String text, String source) {
    return read(text, source, List.of());
  }

  private ParsedSpec read(String text, String source, List<String> leftOut) {
    Read read = read(text, source, SpecShape.ROOT, leftOut);
    PipelineSpec spec =
        read.values == null ? null : binder(read.problems, source).spec(read.values, read.secrets);
    read.problems.throwIfAny();
    if (spec == null) {
      throw new AssertionError("No spec and no problem");
    }
    return new ParsedSpec(spec, read.locations);
  }

  /** The spec of a skew check in a file, as {@link #readFile} reads that of a pipeline. */
  public ParsedSkew readSkew(String file) {
    return readSkew(SpecFiles.text(file), file);
  }

  /**
   * The spec of a skew check in a text.
   *
   * @param source what errors call it
   */
  public ParsedSkew readSkew(String text, String source) {
    Read read = read(text, source, SkewShape.ROOT, List.of());
    SkewSpec spec =
        read.values == null ? null : binder(read.problems, source).skew(read.values, read.secrets);
    read.problems.throwIfAny();
    if (spec == null) {
      throw new AssertionError("No spec and no problem");
    }
    return new ParsedSkew(spec, read.locations);
  }

  private SpecBinder binder(Problems problems, String source) {
    return new SpecBinder(problems, (other, ownSource) -> other(other, ownSource, source));
  }

  /** A file as its declaration reads it; {@code values} is null if it is none at all. */
  private record Read(
      @Nullable Values values, Secrets secrets, SpecLocations locations, Problems problems) {}

  private Read read(String text, String source, Shape.Section shape, List<String> leftOut) {
    Problems problems = new Problems();
    Node root = YamlReader.read(text, source, problems);
    problems.throwIfAny();
    root = without(root, leftOut);
    Overrides applied = new Overrides(problems);
    for (String override : overrides) {
      root = applied.apply(root, override);
    }
    problems.throwIfAny();
    Interpolation interpolation = new Interpolation(environment, problems);
    Node resolved = interpolation.resolve(root, "");
    problems.throwIfAny();
    Secrets secrets = interpolation.secrets();
    problems.redactWith(secrets);
    ShapeReader reader = new ShapeReader(providers, problems);
    Values values = reader.section(resolved, shape, "");
    return new Read(
        values,
        secrets.with(reader.canonical()),
        new SpecLocations(source, reader.locations()),
        problems);
  }

  /**
   * The features of the spec in a file that this one names, relative to where it stands itself.
   * What becomes of its output does not count, so variables there need not be set, nor where its
   * records come from if they come from elsewhere.
   */
  private PipelineSpec other(String file, boolean ownSource, String source) {
    boolean stands = !FileSchemes.isLocal(file) || Path.of(file).isAbsolute();
    String path =
        stands
            ? file
            : FileSchemes.isLocal(source)
                ? Path.of(source).resolveSibling(file).toString()
                : source.substring(0, source.lastIndexOf('/') + 1) + file;
    List<String> sources = ownSource ? List.of("source={parquet: {path: elsewhere}}") : List.of();
    return new SpecParser(providers, sources, environment)
        .read(SpecFiles.text(path), path, OUTPUT)
        .spec();
  }

  private static Node without(Node root, List<String> keys) {
    return root instanceof Node.Mapping mapping
        ? new Node.Mapping(
            mapping.entries().stream().filter(e -> !keys.contains(e.key().text())).toList(),
            mapping.location())
        : root;
  }
}
