package io.featurebeam.pipelines.report;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A run as one HTML file that needs nothing else: no script, no network, styles and charts inside.
 * Its content security policy forbids everything but its own style.
 *
 * <pre>{@code
 * Files.writeString(path, HtmlReport.render(summary));
 * }</pre>
 *
 * <p>Light or dark as the reader's system is, readable on a phone and on paper. All text is escaped
 * by the template engine; a test holds that the template has no unescaped place but the style.
 */
public final class HtmlReport {

  private static final String TEMPLATE = "report.mustache";
  private static final String SKEW_TEMPLATE = "skew.mustache";
  private static final String STYLE = "report.css";

  private HtmlReport() {}

  public static String render(RunSummary summary) {
    return render(summary, text -> text);
  }

  /**
   * The same with each text, and no markup, passed through {@code shown}, which hides what must not
   * be seen.
   */
  public static String render(RunSummary summary, UnaryOperator<String> shown) {
    return template(TEMPLATE, shown).execute(ReportView.of(summary, resource(STYLE)));
  }

  /** A skew check, likewise; its texts hide already what must not be seen. */
  public static String render(SkewSummary summary) {
    return template(SKEW_TEMPLATE, text -> text).execute(SkewView.of(summary, resource(STYLE)));
  }

  private static Template template(String name, UnaryOperator<String> shown) {
    return Mustache.compiler()
        .withEscaper(text -> Escapers.HTML.escape(isNumber(text) ? text : shown.apply(text)))
        .nullValue("")
        .withLoader(part -> new StringReader(resource(part + ".mustache")))
        .compile(resource(name));
  }

  /** Also a place in a chart, which must stay one. */
  private static boolean isNumber(String text) {
    return text.chars().noneMatch(Character::isLetter);
  }

  static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      return new String(
          Objects.requireNonNull(in, () -> name + " is not on the class path").readAllBytes(),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
