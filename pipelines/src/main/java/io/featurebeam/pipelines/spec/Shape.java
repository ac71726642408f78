package io.featurebeam.pipelines.spec;

import io.featurebeam.settings.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * What a key of the file takes: from one such value come the parser, the JSON Schema and the
 * reference.
 */
sealed interface Shape {

  /** One value of a kind; read as the Java type that {@link Parameter.Kind} names. */
  record Plain(Parameter.Kind kind) implements Shape {}

  /**
   * Text of a form.
   *
   * @param words how the reference calls it: "a length of time"
   * @param pattern a regular expression that any good text matches, for the editor
   * @param example a good text
   * @param parse the value, or {@link IllegalArgumentException}
   * @param write the value's text as {@link SpecWriter} writes it
   */
  record Form(
      String words,
      String pattern,
      String example,
      Function<String, ?> parse,
      Function<Object, String> write)
      implements Shape {

    /** A form whose value's {@code toString} is its text. */
    Form(String words, String pattern, String example, Function<String, ?> parse) {
      this(words, pattern, example, parse, String::valueOf);
    }
  }

  /** One of a few words; read as the word. */
  record Choice(List<String> words) implements Shape {
    static <E extends Enum<E>> Choice of(Class<E> type) {
      return new Choice(Arrays.stream(type.getEnumConstants()).map(SpecShape::word).toList());
    }
  }

  /** A list; one value stands for a list of one. Read as a List. */
  record Items(Shape of) implements Shape {}

  /** Names that the user chooses, each with a value. Read as a LinkedHashMap. */
  record Named(String name, Shape of) implements Shape {}

  /** Known keys. Read as {@link Values}. */
  record Section(List<KeyShape> keys) implements Shape {
    static Section of(KeyShape... keys) {
      return new Section(List.of(keys));
    }
  }

  /**
   * Exactly one of these keys, or of the user's providers. Read as {@link Chosen}.
   *
   * @param open whether a source provider's name may stand there too
   * @param beside keys that may stand beside the one
   */
  record OneOf(List<KeyShape> keys, boolean open, List<KeyShape> beside) implements Shape {
    OneOf(List<KeyShape> keys, boolean open) {
      this(keys, open, List.of());
    }
  }

  /** A word or other text, or a section. */
  record WordOr(Shape word, Section section) implements Shape {}

  /**
   * One of some keys, or all of these others. Read as {@link Values.Chosen}, or as {@link Values}.
   */
  record OneOfOr(OneOf oneOf, Section section) implements Shape {}

  /** A list, or a section. */
  record ItemsOr(Items items, Section section) implements Shape {}

  /** A rule, feature or aggregate by its provider. Read as {@link Offered}. */
  record Provided(Family family) implements Shape {}

  /** Rows of a spec test, which only their columns give a type. Read as the {@link Node} itself. */
  record Rows() implements Shape {}

  /** The kinds of providers. */
  enum Family {
    RULE,
    FEATURE,
    AGGREGATE,
    SOURCE
  }

  /** A key with its shape. */
  record KeyShape(String name, Shape shape, boolean required, String description) {
    static KeyShape required(String name, Shape shape, String description) {
      return new KeyShape(name, shape, true, description);
    }

    static KeyShape optional(String name, Shape shape, String description) {
      return new KeyShape(name, shape, false, description);
    }
  }
}
