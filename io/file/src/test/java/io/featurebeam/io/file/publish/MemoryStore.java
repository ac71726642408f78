package io.featurebeam.io.file.publish;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.apache.beam.sdk.io.FileSystem;
import org.apache.beam.sdk.io.FileSystemRegistrar;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.CreateOptions;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * An object store in memory, {@code memory://NAME/...}: files appear when they are closed, a rename
 * is a copy and a delete, there are no folders. Counts what changes files, can stop for good before
 * any such change, and can be watched.
 */
public final class MemoryStore {

  private static final Map<String, MemoryStore> STORES = new ConcurrentHashMap<>();

  private final String name;
  private final Map<String, byte[]> files = new TreeMap<>();
  private IntConsumer before = n -> {};
  private long capacity = Long.MAX_VALUE;
  private int changes;

  private MemoryStore(String name) {
    this.name = name;
  }

  /** An empty store of a name that no other test has. */
  public static MemoryStore create(String name) {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    MemoryStore store = new MemoryStore(name);
    STORES.put(name, store);
    return store;
  }

  /** A path in it. */
  public String path(String relative) {
    return "memory://" + name + "/" + relative;
  }

  /** Everything, by path below {@code folder}. */
  public Map<String, byte[]> below(String folder) {
    Map<String, byte[]> found = new TreeMap<>();
    String prefix = path(folder);
    files.forEach(
        (path, bytes) -> {
          if (path.startsWith(prefix)) {
            found.put(path.substring(prefix.length()), bytes);
          }
        });
    return found;
  }

  /**
   * Starts counting changes at 0 and calls {@code watcher} before each; what it throws stops the
   * change.
   */
  void watch(IntConsumer watcher) {
    changes = 0;
    before = watcher;
  }

  /** Every change from the given one on fails, as if the process were gone. */
  void stopAt(int change) {
    watch(
        n -> {
          if (n >= change) {
            throw new Stopped();
          }
        });
  }

  void goOn() {
    watch(n -> {});
  }

  /** Writing more than so many bytes at all fails. */
  public void limit(long bytes) {
    capacity = bytes;
  }

  /** How many changes there were since they are counted. */
  int changes() {
    return changes;
  }

  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("the process is gone");
    }
  }

  private void change(Runnable change) {
    IntConsumer watcher = before;
    watcher.accept(changes);
    changes++;
    change.run();
  }

  private static MemoryStore of(String path) {
    return STORES.get(
        path.substring("memory://".length(), path.indexOf('/', "memory://".length())));
  }

  /** What makes the scheme known to Beam. */
  public static final class Registrar implements FileSystemRegistrar {
    @Override
    public Iterable<FileSystem<?>> fromOptions(PipelineOptions options) {
      return List.of(new MemoryFileSystem());
    }
  }

  private record MemoryPath(String path) implements ResourceId {
    private static final long serialVersionUID = 1L;

    @Override
    public ResourceId resolve(String other, ResolveOptions options) {
      return new MemoryPath(getCurrentDirectory() + other);
    }

    @Override
    public ResourceId getCurrentDirectory() {
      return new MemoryPath(path.substring(0, path.lastIndexOf('/') + 1));
    }

    @Override
    public String getScheme() {
      return "memory";
    }

    @Override
    public String getFilename() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public boolean isDirectory() {
      return path.endsWith("/");
    }

    @Override
    public String toString() {
      return path;
    }
  }

  private static final class MemoryFileSystem extends FileSystem<MemoryPath> {

    @Override
    protected List<MatchResult> match(List<String> specs) {
      return specs.stream().map(MemoryFileSystem::match).toList();
    }

    private static MatchResult match(String spec) {
      String prefix = spec.endsWith("**") ? spec.substring(0, spec.length() - 2) : spec;
      List<MatchResult.Metadata> found = new ArrayList<>();
      of(spec)
          .files
          .forEach(
              (path, bytes) -> {
                if (spec.endsWith("**") ? path.startsWith(prefix) : path.equals(spec)) {
                  found.add(
                      MatchResult.Metadata.builder()
                          .setResourceId(new MemoryPath(path))
                          .setSizeBytes(bytes.length)
                          .setIsReadSeekEfficient(true)
                          .build());
                }
              });
      return found.isEmpty()
          ? MatchResult.create(MatchResult.Status.NOT_FOUND, new FileNotFoundException(spec))
          : MatchResult.create(MatchResult.Status.OK, found);
    }

    @Override
    protected WritableByteChannel create(MemoryPath file, CreateOptions options) {
      return new NewFile(of(file.path()), file.path());
    }

    @Override
    protected ReadableByteChannel open(MemoryPath file) throws IOException {
      byte[] bytes = of(file.path()).files.get(file.path());
      if (bytes == null) {
        throw new FileNotFoundException(file.path());
      }
      return Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    @Override
    protected void copy(List<MemoryPath> from, List<MemoryPath> to) throws IOException {
      for (int i = 0; i < from.size(); i++) {
        MemoryStore store = of(from.get(i).path());
        byte[] bytes = store.files.get(from.get(i).path());
        if (bytes == null) {
          throw new FileNotFoundException(from.get(i).path());
        }
        String target = to.get(i).path();
        store.change(() -> store.files.put(target, bytes));
      }
    }

    @Override
    protected void rename(List<MemoryPath> from, List<MemoryPath> to, MoveOptions... options)
        throws IOException {
      if (options.length > 0) {
        throw new UnsupportedOperationException("Beam then looks itself which files are there");
      }
      copy(from, to);
      delete(from);
    }

    @Override
    protected void delete(Collection<MemoryPath> files) {
      for (MemoryPath file : files) {
        MemoryStore store = of(file.path());
        store.change(() -> store.files.remove(file.path()));
      }
    }

    @Override
    protected MemoryPath matchNewResource(String spec, boolean isDirectory) {
      return new MemoryPath(isDirectory && !spec.endsWith("/") ? spec + "/" : spec);
    }

    @Override
    protected String getScheme() {
      return "memory";
    }
  }

  private static final class NewFile implements WritableByteChannel {
    private final MemoryStore store;
    private final String path;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean open = true;

    NewFile(MemoryStore store, String path) {
      this.store = store;
      this.path = path;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      int length = source.remaining();
      if (length > store.capacity) {
        throw new IOException("No space left on device");
      }
      store.capacity -= length;
      byte[] chunk = new byte[length];
      source.get(chunk);
      bytes.writeBytes(chunk);
      return length;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        store.change(() -> store.files.put(path, bytes.toByteArray()));
      }
    }
  }
}
