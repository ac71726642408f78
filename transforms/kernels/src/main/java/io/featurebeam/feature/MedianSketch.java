package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.RecordBatch;
import java.util.Base64;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;

/**
 * The median of the values that are neither null nor NaN, by a KLL sketch (Karnin, Lang, Liberty
 * 2016): of an even number the mean of the middle two. Exact up to {@value #K} values; beyond, the
 * rank is off by at most 0.1 percent with 99 percent confidence, and a second fit may differ within
 * that, as the sketch tosses coins.
 */
final class MedianSketch implements Feature.Summary {

  static final int K = 4096;

  private final NumericInput input;
  private final KllDoublesSketch sketch = KllDoublesSketch.newHeapInstance(K);

  MedianSketch(NumericInput input) {
    this.input = input;
  }

  @Override
  public void accumulate(RecordBatch batch) {
    double[] values = input.values(batch);
    Bitmap validity = input.column(batch).validity();
    for (int i = 0; i < batch.size(); i++) {
      if (!Double.isNaN(values[i]) && (validity == null || validity.get(i))) {
        sketch.update(values[i]);
      }
    }
  }

  @Override
  public void load(JsonNode state) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(Json.text(state, "kll"));
      sketch.merge(KllDoublesSketch.heapify(Memory.wrap(bytes)));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "Invalid fitted state: 'kll' is not a KLL sketch in base64 (fit it again)", e);
    }
  }

  @Override
  public JsonNode state() {
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    state.put("count", sketch.getN());
    if (!sketch.isEmpty()) {
      double low = sketch.getQuantile(0.5, QuantileSearchCriteria.INCLUSIVE);
      double high = sketch.getQuantile(0.5, QuantileSearchCriteria.EXCLUSIVE);
      state.put("median", low == high ? low : low / 2 + high / 2);
    }
    return state.put("kll", Base64.getEncoder().encodeToString(sketch.toByteArray()));
  }
}
