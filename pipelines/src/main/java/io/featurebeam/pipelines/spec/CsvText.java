package io.featurebeam.pipelines.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The small CSV of a spec test: RFC 4180, spaces around cells dropped, an empty cell is null, "" is
 * not.
 */
final class CsvText {

  private final String text;
  private int at;

  private CsvText(String text) {
    this.text = text;
  }

  /** The rows with the header first; empty lines are skipped. */
  static List<List<@Nullable String>> rows(String text) {
    CsvText csv = new CsvText(text);
    List<List<@Nullable String>> rows = new ArrayList<>();
    while (csv.at < text.length()) {
      List<@Nullable String> row = csv.row();
      if (row.size() > 1 || row.get(0) != null) {
        rows.add(Collections.unmodifiableList(row));
      }
    }
    return rows;
  }

  private List<@Nullable String> row() {
    List<@Nullable String> row = new ArrayList<>();
    while (true) {
      row.add(cell());
      if (at >= text.length() || text.charAt(at) == '\n') {
        at++;
        return row;
      }
      at++; // the comma
    }
  }

  private @Nullable String cell() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '"') {
      return quoted();
    }
    int from = at;
    while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
      at++;
    }
    String cell = text.substring(from, at).strip();
    return cell.isEmpty() ? null : cell;
  }

  private String quoted() {
    StringBuilder cell = new StringBuilder();
    at++;
    while (true) {
      if (at >= text.length()) {
        throw new IllegalArgumentException("Invalid CSV: a quote is not closed (must end with \")");
      }
      char c = text.charAt(at++);
      if (c != '"') {
        cell.append(c);
      } else if (at < text.length() && text.charAt(at) == '"') {
        cell.append('"');
        at++;
      } else {
        break;
      }
    }
    while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
      if (!Character.isWhitespace(text.charAt(at++))) {
        throw new IllegalArgumentException(
            "Invalid CSV: text behind a closing quote (must be a comma)");
      }
    }
    return cell.toString();
  }
}
