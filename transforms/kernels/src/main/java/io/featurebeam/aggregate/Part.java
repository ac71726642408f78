package io.featurebeam.aggregate;

import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.List;

/** What an aggregate accumulates. A value: parts that are equal are accumulated once. */
public interface Part extends Serializable {

  /** The columns that it reads. */
  List<String> inputs();

  /** Whether it needs events in a total order: {@link Inputs#ties()} is computed only then. */
  default boolean isOrdered() {
    return false;
  }

  /** Whether what was deleted can be taken out of it: {@link States#difference}. */
  default boolean canSubtract() {
    return false;
  }

  /** States without a slot, for columns of these types. */
  States newStates(RecordSchema schema);
}
