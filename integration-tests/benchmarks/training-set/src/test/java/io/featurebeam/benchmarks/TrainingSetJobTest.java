package io.featurebeam.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.benchmarks.trainingset.TrainingSetJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingSetJobTest {
  @TempDir private Path directory;

  @Test
  void theSetIsThatOfDuckDb() throws Exception {
    TrainingData data = TrainingData.generated(directory, 20_000, 500, 300);
    Path theirs = Files.createDirectories(directory.resolve("out")).resolve("theirs");
    DuckDbTrainingPeer.main(
        new String[] {
          "--events=" + data.events(), "--labels=" + data.labels(), "--output=" + theirs
        });
    Path ours = run(data, "few");
    PeerCheck.Result result = TrainingCheck.compare(theirs.toString(), ours.toString());
    assertEquals(List.of(), result.problems());
    assertEquals(500, result.rows());
  }

  @Test
  void aWideSetHasAThousandFeatures() throws Exception {
    TrainingData data = TrainingData.generated(directory, 1_000, 50, 30);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("FROM read_parquet('" + run(data, "wide") + "/*.parquet')")) {
      assertEquals(4 + 1_000, result.getMetaData().getColumnCount());
    }
  }

  private Path run(TrainingData data, String features) {
    Path output = directory.resolve("ours");
    TrainingSetJob.run(
        "--labels=" + data.labels(),
        "--events=" + data.events(),
        "--output=" + output,
        "--features=" + features,
        "--runner=DirectRunner");
    return output;
  }
}
