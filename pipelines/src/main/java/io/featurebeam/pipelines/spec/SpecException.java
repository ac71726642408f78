package io.featurebeam.pipelines.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A spec that cannot be used, with everything that was found wrong, in the order of the file. */
public final class SpecException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 20;

  private final ArrayList<SpecProblem> problems; // a list that is serializable, as exceptions are

  SpecException(List<SpecProblem> problems, @Nullable Throwable cause) {
    super(message(problems), cause);
    this.problems = new ArrayList<>(problems);
  }

  public List<SpecProblem> problems() {
    return Collections.unmodifiableList(problems);
  }

  private static String message(List<SpecProblem> problems) {
    StringBuilder out = new StringBuilder();
    for (SpecProblem problem : problems.subList(0, Math.min(SHOWN, problems.size()))) {
      out.append(out.length() == 0 ? "" : "\n").append(problem);
    }
    if (problems.size() > SHOWN) {
      out.append("\n... and ").append(problems.size() - SHOWN).append(" more");
    }
    return out.toString();
  }
}
