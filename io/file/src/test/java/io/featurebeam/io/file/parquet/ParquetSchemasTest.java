package io.featurebeam.io.file.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;

class ParquetSchemasTest {

  private static final MessageType MIXED =
      MessageTypeParser.parseMessageType(
          """
          message m {
            required int32 n;
            optional group attributes (MAP) {
              repeated group key_value { required binary key (STRING); optional int32 value; }
            }
            optional group items (LIST) {
              repeated group list { optional group element { required int32 a; optional int32 b; } }
            }
            optional group matrix (LIST) {
              repeated group list { optional group element (LIST) { repeated group list { optional int32 element; } } }
            }
            optional group pairs (LIST) { repeated group array { required int32 first; required int32 second; } }
            repeated group points { required double x; }
            optional group device { required group screen { optional int32 width; } }
          }
          """);

  @Test
  void whatHasNoColumnTypeIsLeftOut() {
    assertEquals(
        "(n int64 not null, device.screen.width int64)", ParquetSchemas.schemaOf(MIXED).toString());
  }

  @Test
  void everyTypeMaps() {
    assertEquals(
        "(flag boolean not null, maybe_flag boolean, i32 int64, i32_required int64 not null, i8"
            + " int64, u8 int64, u32 int64, i64 int64, i64_required int64 not null, u64 int64, f32"
            + " float64, f64 float64 not null, maybe_f64 float64, f16 float64, dec32 float64, dec64"
            + " float64, dec64_long string, dec_fixed float64, dec_fixed_long string, dec_binary"
            + " float64, dec_binary_long string, day date, time_ms time, time_us time, time_ns"
            + " time, ts_ms timestamp, ts_us timestamp, ts_ns timestamp, ts_96 timestamp, id"
            + " string, name string not null, maybe_name string, kind string, doc string, bson"
            + " bytes, raw bytes, raw5 bytes, device.os string, device.screen.width int64,"
            + " device.screen.ratio float64, place.lat float64 not null, place.lon float64, tags"
            + " list<string>, scores list<float64> not null, days list<date>, old_list list<int64>,"
            + " inner.flags list<boolean>, bare list<int64> not null)",
        ParquetSchemas.schemaOf(Samples.ALL_TYPES).toString());
  }

  private static String error(String column) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> ParquetSchemas.of(MIXED).leaf("a.parquet", column))
        .getMessage();
  }

  @Test
  void askingForWhatHasNoColumnTypeSaysWhy() {
    assertEquals(
        "Cannot read column 'attributes' of a.parquet: it is a map, which has no column type (leave"
            + " it out, or flatten it where the file is written)",
        error("attributes"));
    assertEquals(
        "Cannot read column 'items' of a.parquet: it is a list of structs, which has no column type"
            + " (leave it out, or flatten it where the file is written)",
        error("items"));
    assertEquals(
        "Cannot read column 'matrix' of a.parquet: it is a list of lists, which has no column type"
            + " (leave it out, or flatten it where the file is written)",
        error("matrix"));
    assertEquals(
        "Cannot read column 'pairs' of a.parquet: it is a list of structs, which has no column type"
            + " (leave it out, or flatten it where the file is written)",
        error("pairs"));
    assertEquals(
        "Cannot read column 'points' of a.parquet: it is a list of structs, which has no column"
            + " type (leave it out, or flatten it where the file is written)",
        error("points"));
  }

  @Test
  void structByItsOwnNameListsItsColumns() {
    assertEquals(
        "Unknown column: 'device' in a.parquet (it is a struct; its columns are"
            + " device.screen.width)",
        error("device"));
  }

  @Test
  void unknownColumnSuggestsTheNearest() {
    assertEquals(
        "Unknown column: 'device.screen.with' in a.parquet; did you mean 'device.screen.width'?",
        error("device.screen.with"));
  }

  @Test
  void twoFieldsOfOneDottedNameAreRefused() {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int32 a.b; required group a { required int32 b; } }");
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> ParquetSchemas.of(schema).leaf("f", "a.b"));
    assertEquals(
        "Cannot read column 'a.b' of f: it is two fields of the same dotted name, which has no"
            + " column type (leave it out, or flatten it where the file is written)",
        e.getMessage());
  }
}
