package io.featurebeam.integration;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystem;
import org.apache.beam.sdk.io.FileSystemRegistrar;
import org.apache.beam.sdk.io.fs.CreateOptions;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Local folders as {@code disk:///...}, on a disk of which a test says how much can still be
 * written. It says what Linux says: a real disk cannot be filled here, nor a folder be made
 * read-only for root.
 */
final class TestDisk {

  private static final String SCHEME = "disk";
  private static final String PREFIX = SCHEME + "://";
  private static final AtomicLong FREE = new AtomicLong(Long.MAX_VALUE);

  private static final AtomicReference<String> REFUSED = new AtomicReference<>("");

  private TestDisk() {}

  /** A local folder as a path on it. */
  static String path(Path folder) {
    return PREFIX + folder;
  }

  /** From now on there is no space for files whose path holds this; nothing lifts it. */
  static void refuse(String part) {
    REFUSED.set(part);
  }

  /** From now on so many bytes can be written; 0 makes it read-only. */
  static void limit(long bytes) {
    FREE.set(bytes);
  }

  /** What makes the scheme known to Beam. */
  public static final class Registrar implements FileSystemRegistrar {
    @Override
    public Iterable<FileSystem<?>> fromOptions(PipelineOptions options) {
      return List.of(new Disk());
    }
  }

  private record DiskPath(String path) implements ResourceId {
    private static final long serialVersionUID = 1L;

    Path local() {
      return Path.of(path.substring(PREFIX.length()));
    }

    @Override
    public ResourceId resolve(String other, ResolveOptions options) {
      return new DiskPath(getCurrentDirectory() + other);
    }

    @Override
    public ResourceId getCurrentDirectory() {
      return new DiskPath(path.substring(0, path.lastIndexOf('/') + 1));
    }

    @Override
    public String getScheme() {
      return SCHEME;
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

  private static final class Disk extends FileSystem<DiskPath> {

    @Override
    protected List<MatchResult> match(List<String> specs) throws IOException {
      return specs.stream().map(Disk::match).toList();
    }

    /** All files below a folder, {@code folder/**}, or one. */
    private static MatchResult match(String spec) {
      Path path =
          new DiskPath(spec.endsWith("**") ? spec.substring(0, spec.length() - 2) : spec).local();
      try (Stream<Path> files = Files.walk(path)) {
        return MatchResult.create(
            MatchResult.Status.OK, files.filter(Files::isRegularFile).map(Disk::metadata).toList());
      } catch (IOException e) {
        return MatchResult.create(MatchResult.Status.NOT_FOUND, new FileNotFoundException(spec));
      }
    }

    private static MatchResult.Metadata metadata(Path file) {
      return MatchResult.Metadata.builder()
          .setResourceId(new DiskPath(path(file)))
          .setSizeBytes(file.toFile().length())
          .setIsReadSeekEfficient(true)
          .build();
    }

    @Override
    protected WritableByteChannel create(DiskPath file, CreateOptions options) throws IOException {
      if (FREE.get() == 0) {
        throw new FileNotFoundException(file + " (Read-only file system)");
      }
      if (!REFUSED.get().isEmpty() && file.path().contains(REFUSED.get())) {
        throw new IOException("No space left on device");
      }
      Files.createDirectories(file.local().getParent());
      return new Limited(
          Files.newByteChannel(
              file.local(),
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE));
    }

    @Override
    protected ReadableByteChannel open(DiskPath file) throws IOException {
      return Files.newByteChannel(file.local());
    }

    @Override
    protected void copy(List<DiskPath> from, List<DiskPath> to) throws IOException {
      throw new UnsupportedOperationException("nothing copies");
    }

    @Override
    protected void rename(List<DiskPath> from, List<DiskPath> to, MoveOptions... options)
        throws IOException {
      if (options.length > 0) {
        throw new UnsupportedOperationException("Beam then looks itself which files are there");
      }
      for (int i = 0; i < from.size(); i++) {
        Files.createDirectories(to.get(i).local().getParent());
        Files.move(from.get(i).local(), to.get(i).local(), StandardCopyOption.REPLACE_EXISTING);
      }
    }

    @Override
    protected void delete(Collection<DiskPath> files) throws IOException {
      for (DiskPath file : files) {
        Files.deleteIfExists(file.local());
      }
    }

    @Override
    protected DiskPath matchNewResource(String spec, boolean isDirectory) {
      return new DiskPath(isDirectory && !spec.endsWith("/") ? spec + "/" : spec);
    }

    @Override
    protected String getScheme() {
      return SCHEME;
    }
  }

  private record Limited(WritableByteChannel file) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) throws IOException {
      if (FREE.addAndGet(-source.remaining()) < 0) {
        throw new IOException("No space left on device");
      }
      return file.write(source);
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
