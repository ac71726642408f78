package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of what was inserted, the same of what was deleted, and how many records deleted: each is
 * accumulated, merged, saved and slid over in its own way, so all that holds for the part holds for
 * this, in whatever order changes come. Only who reads it takes the one out of the other.
 *
 * @param part one that {@link Part#canSubtract}
 * @param changes which records delete
 */
record NetPart(Part part, Changes changes) implements Part {

  @Override
  public List<String> inputs() {
    List<String> inputs = new ArrayList<>(part.inputs());
    inputs.add(changes.column());
    return List.copyOf(inputs);
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new Of(changes, part.newStates(schema), part.newStates(schema), new Count.Of());
  }

  /** Three states per slot. */
  static final class Of extends States {
    private final Changes changes;

    /** Replaced in the window of a {@link Both}, which has no slots of its own. */
    private States inserted;

    private States deleted;
    private States deletes;
    private final States net;

    private int[] target = {};

    Of(Changes changes, States inserted, States deleted, States deletes) {
      this.changes = changes;
      this.inserted = inserted;
      this.deleted = deleted;
      this.deletes = deletes;
      this.net = inserted.newStates();
      net.ensure(1);
    }

    /** Whether records of a slot delete; if none does, what is inserted is all there is. */
    boolean hasDeletes(int slot) {
      return Count.Of.at(deletes, slot) > 0;
    }

    /** What was inserted at each slot. */
    States inserted() {
      return inserted;
    }

    /** States of which slot 0 holds what is left of a slot; valid until the next call. */
    States net(int slot) {
      net.difference(inserted, slot, deleted, slot);
      return net;
    }

    @Override
    public States newStates() {
      return new Of(changes, inserted.newStates(), deleted.newStates(), deletes.newStates());
    }

    @Override
    public void ensure(int slots) {
      inserted.ensure(slots);
      deleted.ensure(slots);
      deletes.ensure(slots);
    }

    @Override
    public void clear(int slot) {
      inserted.clear(slot);
      deleted.clear(slot);
      deletes.clear(slot);
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      int last = in.columns().size() - 1;
      Bitmap deleting = changes.deleting(in.columns().get(last));
      List<Column> columns = in.columns().subList(0, last);
      Inputs own = new Inputs(columns, in.times(), in.ties(), in.size());
      if (deleting.isEmpty()) {
        inserted.accumulate(own, slots);
        return;
      }
      if (target.length < in.size()) {
        target = new int[in.size()];
      }
      for (int i = 0; i < in.size(); i++) {
        target[i] = deleting.get(i) ? -1 : slots[i];
      }
      inserted.accumulate(own, target);
      for (int i = 0; i < in.size(); i++) {
        target[i] = deleting.get(i) ? slots[i] : -1;
      }
      deleted.accumulate(own, target);
      deletes.accumulate(new Inputs(List.of(), in.times(), in.ties(), in.size()), target);
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      Of other = (Of) from;
      inserted.merge(slot, other.inserted, fromSlot);
      if (other.hasDeletes(fromSlot)) {
        deleted.merge(slot, other.deleted, fromSlot);
        deletes.merge(slot, other.deletes, fromSlot);
      }
    }

    @Override
    void mergeExact(int slot, States from, int fromSlot) {
      Of other = (Of) from;
      inserted.mergeExact(slot, other.inserted, fromSlot);
      if (other.hasDeletes(fromSlot)) {
        deleted.mergeExact(slot, other.deleted, fromSlot);
        deletes.mergeExact(slot, other.deletes, fromSlot);
      }
    }

    @Override
    public List<FieldType> savedTypes() {
      List<FieldType> types = new ArrayList<>(inserted.savedTypes());
      types.addAll(deleted.savedTypes());
      types.addAll(deletes.savedTypes());
      return types;
    }

    @Override
    public List<Column> save(int[] slots) {
      List<Column> saved = new ArrayList<>(inserted.save(slots));
      saved.addAll(deleted.save(slots));
      saved.addAll(deletes.save(slots));
      return saved;
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      mergeSaved(new States[] {inserted, deleted, deletes}, saved, slots);
    }

    @Override
    public Sliding newSliding() {
      return new Both(this);
    }

    @Override
    public long byteSize(int slots) {
      return inserted.byteSize(slots) + deleted.byteSize(slots) + deletes.byteSize(slots);
    }
  }

  /** The three of them over the same items. */
  private static final class Both extends Sliding {
    private final Sliding inserted;
    private final Sliding deleted;
    private final Sliding deletes;
    private final Of window;

    Both(Of kind) {
      inserted = kind.inserted.newSliding();
      deleted = kind.deleted.newSliding();
      deletes = kind.deletes.newSliding();
      window = (Of) kind.newStates();
    }

    @Override
    public void begin(States items, int[] order) {
      Of of = (Of) items;
      inserted.begin(of.inserted, order);
      deleted.begin(of.deleted, order);
      deletes.begin(of.deletes, order);
    }

    @Override
    public void slide(int lo, int hi, int without) {
      inserted.slide(lo, hi, without);
      deleted.slide(lo, hi, without);
      deletes.slide(lo, hi, without);
    }

    @Override
    public States result() {
      window.inserted = inserted.result();
      window.deleted = deleted.result();
      window.deletes = deletes.result();
      return window;
    }
  }
}
