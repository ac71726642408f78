package io.featurebeam.pipelines.spec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one YAML 1.2 document into {@link Node}s. Tags are refused, keys are text and unique.
 *
 * <p>Hostile input costs a bounded amount: at most {@value #MAX_CHARACTERS} characters, {@value
 * #MAX_DEPTH} levels, {@value #MAX_NODES} nodes (an alias counts as many as it stands for). The
 * limits are checked while the events of the file come in, before a tree is built of them.
 */
final class YamlReader {

  static final int MAX_CHARACTERS = 1 << 20;
  static final int MAX_DEPTH = 32;
  static final int MAX_NODES = 50_000;

  private final String source;
  private final boolean flag;
  private final List<String> lines;
  private final Iterator<Event> events;
  private final Map<Anchor, Anchored> anchors = new HashMap<>();
  private int nodes;

  private record Anchored(Node node, int size) {}

  /** Ends the reading: what follows an error of form has no meaning. */
  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Location location;

    Malformed(Location location, String message) {
      super(message);
      this.location = location;
    }
  }

  private YamlReader(String text, String source, boolean flag) {
    this.source = source;
    this.flag = flag;
    this.lines = text.lines().toList();
    LoadSettings settings =
        LoadSettings.builder().setLabel(source).setCodePointLimit(MAX_CHARACTERS).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /** The document, or null and a problem. */
  static @Nullable Node read(String text, String source, Problems problems) {
    return read(text, source, false, problems);
  }

  /** The value of a flag, which has no lines; nothing is the empty value. */
  static @Nullable Node readFlag(String text, String flag, Problems problems) {
    return read(text, flag, true, problems);
  }

  private static @Nullable Node read(String text, String source, boolean flag, Problems problems) {
    if (text.length() > MAX_CHARACTERS) {
      problems.add(
          Location.flag(source),
          "",
          "Invalid size: "
              + text.length()
              + " characters (must be at most "
              + MAX_CHARACTERS
              + ")");
      return null;
    }
    YamlReader reader = new YamlReader(text, source, flag);
    try {
      return reader.document();
    } catch (Malformed e) {
      problems.add(e.location, "", String.valueOf(e.getMessage()));
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      String context = e.getContext() == null ? "" : e.getContext() + ": ";
      Location location = mark.map(reader::location).orElse(Location.flag(source));
      String hint =
          location.text().contains("${") ? "; quote a value that holds ${NAME} inside { }" : "";
      problems.add(location, "", "Invalid YAML: " + context + e.getProblem() + hint);
    } catch (YamlEngineException e) {
      problems.add(Location.flag(source), "", "Invalid YAML: " + e.getMessage());
    }
    return null;
  }

  private Node document() {
    events.next(); // the start of the stream
    if (events.next().getEventId() == Event.ID.StreamEnd) {
      return new Node.Scalar("", true, null, at(1, 1));
    }
    Node root = node(1);
    events.next(); // the end of the document
    Event end = events.next();
    if (end.getEventId() != Event.ID.StreamEnd) {
      throw malformed(end, "Invalid YAML: a second document (must be one)");
    }
    return root;
  }

  private Node node(int depth) {
    return node(events.next(), depth);
  }

  private Node node(Event event, int depth) {
    if (depth > MAX_DEPTH) {
      throw malformed(event, "Invalid YAML: nested too deep (must be at most " + MAX_DEPTH + ")");
    }
    if (event instanceof AliasEvent alias) {
      Anchored anchored = anchors.get(alias.getAlias());
      if (anchored == null) {
        throw malformed(
            event,
            "Unknown alias: '*" + alias.getAlias() + "' (its anchor must be complete before)");
      }
      count(event, anchored.size);
      return anchored.node;
    }
    int before = nodes;
    count(event, 1);
    Node node =
        switch (event.getEventId()) {
          case Scalar -> scalar((ScalarEvent) event);
          case SequenceStart -> sequence((CollectionStartEvent) event, depth);
          case MappingStart -> mapping((CollectionStartEvent) event, depth);
          default -> throw malformed(event, "Invalid YAML: unexpected " + event.getEventId());
        };
    int size = nodes - before;
    ((NodeEvent) event).getAnchor().ifPresent(a -> anchors.put(a, new Anchored(node, size)));
    return node;
  }

  private Node.Scalar scalar(ScalarEvent event) {
    if (event.getTag().isPresent()) {
      throw tagged(event, event.getTag().get());
    }
    return new Node.Scalar(
        event.getValue(), event.getScalarStyle() == ScalarStyle.PLAIN, null, location(event));
  }

  private Node.Sequence sequence(CollectionStartEvent start, int depth) {
    start.getTag().ifPresent(tag -> refuse(start, tag));
    List<Node> items = new ArrayList<>();
    for (Event e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
      items.add(node(e, depth + 1));
    }
    return new Node.Sequence(List.copyOf(items), location(start));
  }

  private Node.Mapping mapping(CollectionStartEvent start, int depth) {
    start.getTag().ifPresent(tag -> refuse(start, tag));
    List<Node.Mapping.Entry> entries = new ArrayList<>();
    Map<String, Location> keys = new HashMap<>();
    for (Event e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
      if (!(node(e, depth + 1) instanceof Node.Scalar key)) {
        throw malformed(e, "Invalid key: a collection (must be text)");
      }
      Location first = keys.putIfAbsent(key.text(), location(e));
      if (first != null) {
        throw malformed(
            e,
            "Duplicate key: '"
                + key.text()
                + "' (must be given once"
                + (flag ? ")" : "; first in line " + first.line() + ")"));
      }
      entries.add(new Node.Mapping.Entry(key, node(depth + 1)));
    }
    return new Node.Mapping(List.copyOf(entries), location(start));
  }

  private void count(Event event, int added) {
    nodes += added;
    if (nodes > MAX_NODES) {
      throw malformed(event, "Invalid YAML: too large (must be at most " + MAX_NODES + " values)");
    }
  }

  private void refuse(Event event, Object tag) {
    throw tagged(event, tag);
  }

  private Malformed tagged(Event event, Object tag) {
    return malformed(event, "Invalid tag: '" + tag + "' (tags are not supported; remove it)");
  }

  private Malformed malformed(Event event, String message) {
    return new Malformed(location(event), message);
  }

  private Location location(Event event) {
    return event.getStartMark().map(this::location).orElseGet(() -> at(1, 1));
  }

  private Location location(Mark mark) {
    return at(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private Location at(int line, int column) {
    return flag
        ? Location.flag(source)
        : new Location(source, line, column, line <= lines.size() ? lines.get(line - 1) : "");
  }
}
