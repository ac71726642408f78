package io.featurebeam.benchmarks.flinknative;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;

/** Makes rows, as JSON, out of what windows hold. */
final class FeatureWriter {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

  private static final SerializableString ID = new SerializedString("id");
  private static final SerializableString CARD = new SerializedString("card");
  private static final SerializableString PAID_AT = new SerializedString("paid_at");
  private static final SerializableString AMOUNT = new SerializedString("amount");
  private static final SerializableString CHANNEL = new SerializedString("channel");
  private static final SerializableString WINDOW_END = new SerializedString("window_end");
  private static final SerializableString REVISION = new SerializedString("revision");
  private static final SerializableString FINAL = new SerializedString("final");

  private static final List<String> FEATURES =
      List.of(
          "payments",
          "spent",
          "mean",
          "smallest",
          "largest",
          "deviation",
          "online",
          "online_spent");

  private final SerializableString[][] names;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 11);
  private final char[] time = "0000-00-00T00:00:00.000000Z".toCharArray();
  private JsonGenerator json;
  private long timeDay = Long.MIN_VALUE;

  /** Of windows as the spec calls them: 1h. */
  FeatureWriter(String[] windows) throws IOException {
    names = new SerializableString[windows.length][];
    for (int i = 0; i < windows.length; i++) {
      String window = windows[i];
      names[i] =
          FEATURES.stream()
              .map(feature -> new SerializedString(feature + "_" + window))
              .toArray(SerializableString[]::new);
    }
    json = JSON.createGenerator(bytes);
  }

  void beginEvent(long id, String card, long paidAt, double amount, byte channel)
      throws IOException {
    bytes.reset();
    json = JSON.createGenerator(bytes);
    json.writeStartObject();
    json.writeFieldName(ID);
    json.writeNumber(id);
    json.writeFieldName(CARD);
    json.writeString(card);
    json.writeFieldName(PAID_AT);
    writeTime(paidAt);
    json.writeFieldName(AMOUNT);
    json.writeNumber(amount);
    json.writeFieldName(CHANNEL);
    json.writeString(Payment.CHANNELS[channel]);
  }

  void beginPeriod(String card, long end) throws IOException {
    bytes.reset();
    json = JSON.createGenerator(bytes);
    json.writeStartObject();
    json.writeFieldName(CARD);
    json.writeString(card);
    json.writeFieldName(WINDOW_END);
    writeTime(end);
  }

  void window(int window, Totals totals) throws IOException {
    SerializableString[] features = names[window];
    long count = totals.count;
    json.writeFieldName(features[0]);
    json.writeNumber(count);
    write(features[1], totals.sum, count > 0);
    write(features[2], totals.sum / count, count > 0);
    write(features[3], totals.min, count > 0);
    write(features[4], totals.max, count > 0);
    write(features[5], deviation(totals), count > 1);
    json.writeFieldName(features[6]);
    json.writeNumber(totals.webCount);
    write(features[7], totals.webSum, totals.webCount > 0);
  }

  /** Of a sample, from sums of squares: fast, and exact but for what cancels. */
  private static double deviation(Totals totals) {
    double n = totals.count;
    return Math.sqrt(Math.max(0, (totals.squares - totals.sum * totals.sum / n) / (n - 1)));
  }

  private void write(SerializableString name, double value, boolean known) throws IOException {
    json.writeFieldName(name);
    if (known) {
      json.writeNumber(value);
    } else {
      json.writeNull();
    }
  }

  byte[] end(long revision, boolean isFinal) throws IOException {
    json.writeFieldName(REVISION);
    json.writeNumber(revision);
    json.writeFieldName(FINAL);
    json.writeBoolean(isFinal);
    json.writeEndObject();
    json.close();
    return bytes.toByteArray();
  }

  private void writeTime(long micros) throws IOException {
    long day = Math.floorDiv(micros, 86_400_000_000L);
    long rest = Math.floorMod(micros, 86_400_000_000L);
    if (day != timeDay) {
      LocalDate date = LocalDate.ofEpochDay(day);
      digits(0, 4, date.getYear());
      digits(5, 2, date.getMonthValue());
      digits(8, 2, date.getDayOfMonth());
      timeDay = day;
    }
    digits(11, 2, rest / 3_600_000_000L);
    digits(14, 2, rest / 60_000_000L % 60);
    digits(17, 2, rest / 1_000_000L % 60);
    digits(20, 6, rest % 1_000_000L);
    json.writeString(time, 0, time.length);
  }

  private void digits(int at, int count, long value) {
    long left = value;
    for (int i = at + count - 1; i >= at; i--) {
      time[i] = (char) ('0' + left % 10);
      left /= 10;
    }
  }
}
