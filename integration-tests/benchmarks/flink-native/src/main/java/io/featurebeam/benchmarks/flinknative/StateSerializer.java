package io.featurebeam.benchmarks.flinknative;

import java.io.IOException;
import java.io.Serializable;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Writes the state of a card for checkpoints; between them it stays an object on the heap. A
 * benchmark restarts from nothing, so there is no form of before to be compatible with.
 */
final class StateSerializer<T> extends TypeSerializer<T> {
  private static final long serialVersionUID = 1L;

  /** A function that Flink can send to its tasks. */
  interface Copier<T> extends UnaryOperator<T>, Serializable {}

  interface Writer<T> extends Serializable {
    void write(T value, DataOutputView out) throws IOException;
  }

  interface Reader<T> extends Serializable {
    T read(DataInputView in) throws IOException;
  }

  private final Copier<T> copier;
  private final Writer<T> writer;
  private final Reader<T> reader;

  StateSerializer(Copier<T> copier, Writer<T> writer, Reader<T> reader) {
    this.copier = Objects.requireNonNull(copier, "copier is null");
    this.writer = writer;
    this.reader = reader;
  }

  static StateSerializer<CardEvents> events() {
    return new StateSerializer<>(CardEvents::copy, CardEvents::write, CardEvents::read);
  }

  static StateSerializer<CardTiles> tiles(long period) {
    return new StateSerializer<>(
        CardTiles::copy, CardTiles::write, in -> CardTiles.read(period, in));
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public TypeSerializer<T> duplicate() {
    return this;
  }

  @Override
  public @Nullable T createInstance() {
    return null;
  }

  @Override
  public T copy(T from) {
    return copier.apply(from);
  }

  @Override
  public T copy(T from, T reuse) {
    return copier.apply(from);
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(T value, DataOutputView out) throws IOException {
    writer.write(value, out);
  }

  @Override
  public T deserialize(DataInputView in) throws IOException {
    return reader.read(in);
  }

  @Override
  public T deserialize(T reuse, DataInputView in) throws IOException {
    return reader.read(in);
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    writer.write(reader.read(in), out);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public TypeSerializerSnapshot<T> snapshotConfiguration() {
    return new Unversioned<>();
  }

  /** Of the serializer that is given. */
  public static final class Unversioned<T> implements TypeSerializerSnapshot<T> {
    @Override
    public int getCurrentVersion() {
      return 1;
    }

    @Override
    public void writeSnapshot(DataOutputView out) {}

    @Override
    public void readSnapshot(int version, DataInputView in, ClassLoader loader) {}

    @Override
    public TypeSerializer<T> restoreSerializer() {
      throw new UnsupportedOperationException("A benchmark is not restored");
    }

    @Override
    public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
        TypeSerializerSnapshot<T> old) {
      return TypeSerializerSchemaCompatibility.compatibleAsIs();
    }
  }
}
