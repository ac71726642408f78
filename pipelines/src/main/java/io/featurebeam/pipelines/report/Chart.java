package io.featurebeam.pipelines.report;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.profile.ColumnProfile.Bin;
import io.featurebeam.profile.ColumnProfile.Histogram;
import io.featurebeam.profile.ColumnProfile.Numbers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A histogram as the rectangles of an SVG of {@value #WIDTH} by {@value #HEIGHT}. */
record Chart(String label, List<Bar> bars, String from, String to, @Nullable String outside) {

  static final int WIDTH = 240;
  static final int HEIGHT = 64;

  private static final double GAP = 1;

  record Bar(String x, String y, String width, String height, String title) {}

  /** Null if there is nothing to draw. */
  static @Nullable Chart of(FieldType type, Numbers numbers) {
    Histogram histogram = numbers.histogram();
    List<Bin> bins = histogram.bins();
    if (bins.isEmpty()) {
      return null;
    }
    double most = bins.stream().mapToDouble(Bin::count).max().orElse(0);
    double step = (double) WIDTH / bins.size();
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < bins.size(); i++) {
      Bin bin = bins.get(i);
      if (bin.count() > 0) {
        double height = Math.max(1, bin.count() / most * HEIGHT);
        bars.add(
            new Bar(
                ReportView.decimal(i * step),
                ReportView.decimal(HEIGHT - height),
                ReportView.decimal(Math.max(1, step - GAP)),
                ReportView.decimal(height),
                range(type, bin) + ": " + Wording.count(Math.round(bin.count()))));
      }
    }
    String from = edge(type, bins.get(0).from());
    String to = end(type, bins.get(bins.size() - 1));
    long outside = Math.round(histogram.below() + histogram.above());
    return new Chart(
        "Histogram from " + from + " to " + to,
        bars,
        from,
        to,
        outside > 0 ? Wording.count(outside, "value") + " farther out not drawn" : null);
  }

  private static String range(FieldType type, Bin bin) {
    String from = edge(type, bin.from());
    String to = end(type, bin);
    return from.equals(to) ? from : from + " to " + to;
  }

  /** The last value of a bin: of whole numbers the one before the next bin. */
  private static String end(FieldType type, Bin bin) {
    boolean whole = type.kind() == FieldType.Kind.INT64 || type.kind() == FieldType.Kind.DATE;
    return edge(type, whole && bin.to() > bin.from() ? bin.to() - 1 : bin.to());
  }

  private static String edge(FieldType type, double value) {
    boolean whole = type.kind() != FieldType.Kind.FLOAT64;
    return whole ? ColumnView.text(type, Math.round(value)) : ColumnView.text(type, value);
  }
}
