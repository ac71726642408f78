package io.featurebeam.runners;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkersTest {

  @ParameterizedTest
  @CsvSource({
    "--runner=DirectRunner, , HERE",
    "--runner=DirectRunner --flinkMaster=host:8081, , HERE",
    "--runner=FlinkRunner, , HERE",
    "--runner=FlinkRunner --flinkMaster=[local], , HERE",
    "--runner=flink --flinkMaster=[auto], , HERE",
    "--runner=FlinkRunner --flinkMaster=host:8081, , ELSEWHERE",
    "--runner=FlinkRunner --flinkMaster=http://host:8081, , ELSEWHERE",
    "--runner=FlinkRunner, flink, ELSEWHERE",
    "--runner=FlinkRunner --flinkMaster=[local], flink, ELSEWHERE",
    "--runner=SparkRunner, , HERE",
    "--runner=SparkRunner --sparkMaster=local, , HERE",
    "'--runner=SparkRunner --sparkMaster=local[2]', , HERE",
    "'--runner=SparkRunner --sparkMaster=local-cluster[2,1,1024]', , DIRECTED",
    "--runner=SparkRunner --sparkMaster=spark://host:7077, , DIRECTED",
    "--runner=SparkRunner, spark, DIRECTED",
    "--runner=DataflowRunner, , ELSEWHERE"
  })
  void followFromRunnerMasterAndSubmission(String line, @Nullable String engine, Workers where) {
    assertEquals(where, Workers.of(line.split(" "), engine));
  }

  @Test
  void optionsTellTheSameAsArguments() {
    PipelineOptionsFactory.register(MasterOptions.class);
    MasterOptions options = PipelineOptionsFactory.as(MasterOptions.class);
    options.setRunner(FlinkRunner.class);
    assertEquals(Workers.HERE, Workers.of(options));

    options.setFlinkMaster("host:8081");

    assertEquals(Workers.ELSEWHERE, Workers.of(options));
    assertEquals(Workers.ELSEWHERE, Workers.of(options.as(PipelineOptions.class)));
  }

  /** As Flink's options have it. */
  public interface MasterOptions extends PipelineOptions {
    @Nullable String getFlinkMaster();

    void setFlinkMaster(@Nullable String master);
  }

  private static final class FlinkRunner extends PipelineRunner<PipelineResult> {
    @Override
    public PipelineResult run(Pipeline pipeline) {
      throw new UnsupportedOperationException("not run");
    }
  }
}
