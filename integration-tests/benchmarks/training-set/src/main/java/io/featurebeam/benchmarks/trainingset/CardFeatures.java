package io.featurebeam.benchmarks.trainingset;

import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of a card: the features that peers compute, too, and a thousand. */
final class CardFeatures {
  private CardFeatures() {}

  static WindowedAggregates twenty() {
    return perCard(
        group(
            List.of("1h", "1d", "7d", "30d"),
            List.of(
                Feature.of("count", Aggregates.count()),
                Feature.of("sum", Aggregates.sum("amount")),
                new Feature("web_count", Aggregates.count(), "channel == 'web'"))),
        group(
            List.of("7d", "30d"),
            List.of(
                Feature.of("mean", Aggregates.mean("amount")),
                Feature.of("min", Aggregates.min("amount")),
                Feature.of("max", Aggregates.max("amount")),
                Feature.of("stddev", Aggregates.stddev("amount")))));
  }

  /** Ten windows by five aggregates by twenty conditions. */
  static WindowedAggregates thousand() {
    List<Feature> features = new ArrayList<>();
    conditions()
        .forEach(
            (name, where) -> {
              features.add(new Feature("count" + name, Aggregates.count(), where));
              features.add(new Feature("sum" + name, Aggregates.sum("amount"), where));
              features.add(new Feature("mean" + name, Aggregates.mean("amount"), where));
              features.add(new Feature("max" + name, Aggregates.max("amount"), where));
              features.add(new Feature("stddev" + name, Aggregates.stddev("amount"), where));
            });
    return perCard(
        group(List.of("10m", "1h", "3h", "6h", "12h", "1d", "3d", "7d", "14d", "30d"), features));
  }

  private static Map<String, @Nullable String> conditions() {
    Map<String, @Nullable String> conditions = new LinkedHashMap<>();
    conditions.put("", null);
    for (String channel : List.of("pos", "web", "app", "atm")) {
      conditions.put("_" + channel, "channel == '" + channel + "'");
      conditions.put("_large_" + channel, "channel == '" + channel + "' && amount > 100.0");
    }
    for (String country : List.of("US", "GB", "DE", "FR", "ES")) {
      conditions.put("_" + country, "country == '" + country + "'");
    }
    for (String amount : List.of("10", "50", "100", "500", "1000")) {
      conditions.put("_above_" + amount, "amount > " + amount + ".0");
    }
    conditions.put("_abroad", "country != 'US'");
    return conditions;
  }

  private static Group group(List<String> windows, List<Feature> features) {
    return new Group(windows.stream().map(Window::of).toList(), WindowBounds.DEFAULT, features);
  }

  private static WindowedAggregates perCard(Group... groups) {
    return new WindowedAggregates(
        List.of("user"), "time", null, Emission.everyEvent(), List.of(groups));
  }
}
