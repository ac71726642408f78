package io.featurebeam.pipelines.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;

/** The summary of a skew check as JSON: the verdict file. */
public final class SkewVerdict {

  private static final ObjectMapper JSON =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  private SkewVerdict() {}

  /** Indented, ended by a newline. */
  public static String toJson(SkewSummary summary) {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n")); // the same on every machine
    try {
      return JSON.writer(printer).writeValueAsString(summary) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // cannot be: it holds texts and numbers
    }
  }

  /** What {@link #toJson} wrote. */
  public static SkewSummary parse(String json) {
    try {
      return JSON.readValue(json, SkewSummary.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Invalid verdict: " + e.getOriginalMessage(), e);
    }
  }
}
