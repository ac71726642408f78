package io.featurebeam.transforms.features;

import io.featurebeam.feature.FittedFeatures;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Fitted features as a Beam element: their JSON document. Equal documents have equal bytes. */
public final class FittedFeaturesCoder extends AtomicCoder<FittedFeatures> {

  private static final long serialVersionUID = 1L;
  private static final FittedFeaturesCoder INSTANCE = new FittedFeaturesCoder();

  private FittedFeaturesCoder() {}

  public static FittedFeaturesCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(FittedFeatures fitted, OutputStream out) throws IOException {
    StringUtf8Coder.of().encode(fitted.toJson(), out);
  }

  @Override
  public FittedFeatures decode(InputStream in) throws IOException {
    String json = StringUtf8Coder.of().decode(in);
    try {
      return FittedFeatures.parse(json);
    } catch (IllegalArgumentException e) {
      throw new CoderException(e.getMessage(), e);
    }
  }

  private Object readResolve() {
    return INSTANCE;
  }
}
