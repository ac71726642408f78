package io.featurebeam.pipelines.spec;

import static io.featurebeam.pipelines.spec.Shape.KeyShape.optional;
import static io.featurebeam.pipelines.spec.Shape.KeyShape.required;

import io.featurebeam.pipelines.spec.Shape.Items;
import io.featurebeam.pipelines.spec.Shape.Plain;
import io.featurebeam.pipelines.spec.Shape.Section;
import io.featurebeam.settings.Parameter;

/** Every key of the spec of a skew check. */
final class SkewShape {

  private static final Shape NUMBER = new Plain(Parameter.Kind.NUMBER);
  private static final Shape COLUMN = new Plain(Parameter.Kind.COLUMN);

  /** The whole file. */
  static final Section ROOT =
      Section.of(
          required("name", SpecShape.NAME, "Names the run and its report."),
          required(
              "logged",
              SpecShape.INPUT,
              "What was logged when the model was served: a source with an end."),
          required(
              "recomputed",
              SpecShape.INPUT,
              "What a later computation gives for the same rows: a source with an end."),
          required(
              "on",
              new Items(COLUMN),
              "The columns that identify a row: entity key and event time, or an id."),
          optional(
              "columns",
              new Items(COLUMN),
              "The columns to compare; all that both sides have if left out."),
          optional(
              "revision",
              COLUMN,
              "Of several rows of one key, the one with the highest value in this column counts; the"
                  + " column named revision if left out."),
          optional(
              "tolerance",
              Section.of(
                  optional(
                      "relative",
                      NUMBER,
                      "How far apart numbers may be, by the larger of them; 0 if left out."),
                  optional("absolute", NUMBER, "The same as a number; 0 if left out."),
                  optional(
                      "time",
                      new Plain(Parameter.Kind.DURATION),
                      "How far apart times may be; not at all if left out.")),
              "How far apart values may be and still match; one of them is enough."),
          optional(
              "fail",
              Section.of(
                  optional(
                      "below",
                      NUMBER,
                      "The share of pairs that must match, of each feature; 1 if left out."),
                  optional(
                      "missing",
                      NUMBER,
                      "The share of recomputed keys that the log may lack; any if left out."),
                  optional(
                      "extra",
                      NUMBER,
                      "The share of logged keys that the recomputation may lack; any if left"
                          + " out.")),
              "When the verdict is fail. It always is if not one row is on both sides."),
          optional(
              "mask",
              new Items(COLUMN),
              "Columns whose values, and distances, report and verdict never show."),
          optional(
              "report",
              Section.of(required("path", SpecShape.PATH, "The HTML file.")),
              "For people."),
          optional(
              "verdict",
              Section.of(required("path", SpecShape.PATH, "The JSON file.")),
              "For programs; beside the report, with .json in the place of .html, if left out."));

  private SkewShape() {}
}
