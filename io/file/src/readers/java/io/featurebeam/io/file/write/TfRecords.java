package io.featurebeam.io.file.write;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.tensorflow.hadoop.util.TFRecordReader;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;

/** TFRecord files as TensorFlow's own classes read them. */
public final class TfRecords {

  private TfRecords() {}

  /**
   * The records, each a map of features to lists of Long, Float or byte[]; sums are checked. The
   * whole file was compressed if its name says so.
   */
  public static List<Map<String, List<?>>> read(Path path) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      return read(path.toString().endsWith(".gz") ? new GZIPInputStream(in) : in);
    }
  }

  public static List<Map<String, List<?>>> read(byte[] bytes) throws IOException {
    return read(new ByteArrayInputStream(bytes));
  }

  private static List<Map<String, List<?>>> read(InputStream in) throws IOException {
    TFRecordReader reader = new TFRecordReader(in, true);
    List<Map<String, List<?>>> records = new ArrayList<>();
    for (byte[] record = reader.read(); record != null; record = reader.read()) {
      Map<String, List<?>> features = new LinkedHashMap<>();
      Example.parseFrom(record)
          .getFeatures()
          .getFeatureMap()
          .forEach((name, feature) -> features.put(name, values(feature)));
      records.add(features);
    }
    return records;
  }

  private static List<?> values(Feature feature) {
    return switch (feature.getKindCase()) {
      case BYTES_LIST ->
          feature.getBytesList().getValueList().stream().map(ByteString::toByteArray).toList();
      case FLOAT_LIST -> List.copyOf(feature.getFloatList().getValueList());
      case INT64_LIST -> List.copyOf(feature.getInt64List().getValueList());
      case KIND_NOT_SET -> throw new IllegalArgumentException("A feature without a list");
    };
  }
}
