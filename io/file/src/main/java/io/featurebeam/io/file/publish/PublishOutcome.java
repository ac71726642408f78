package io.featurebeam.io.file.publish;

import java.io.Serializable;
import java.util.List;

/**
 * How a publish ended.
 *
 * @param path the output folder
 * @param runId the run
 * @param published false if it was withheld, and then the old output stands
 * @param files that this run published
 * @param rows in them
 * @param bytes in them
 * @param reasons why it was withheld; empty if it was published
 */
public record PublishOutcome(
    String path,
    String runId,
    boolean published,
    int files,
    long rows,
    long bytes,
    List<String> reasons)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  public PublishOutcome {
    reasons = List.copyOf(reasons);
  }
}
