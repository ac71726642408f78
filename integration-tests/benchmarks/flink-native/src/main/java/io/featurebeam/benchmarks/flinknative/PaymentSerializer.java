package io.featurebeam.benchmarks.flinknative;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** By hand: no masks for nulls and no reflection, which a POJO's would have. */
final class PaymentSerializer extends TypeSerializerSingleton<Payment> {
  private static final long serialVersionUID = 1L;

  static final PaymentSerializer INSTANCE = new PaymentSerializer();

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public Payment createInstance() {
    return new Payment();
  }

  @Override
  public Payment copy(Payment from) {
    return copy(from, new Payment());
  }

  @Override
  public Payment copy(Payment from, Payment reuse) {
    reuse.id = from.id;
    reuse.card = from.card;
    reuse.paidAt = from.paidAt;
    reuse.amount = from.amount;
    reuse.channel = from.channel;
    return reuse;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(Payment payment, DataOutputView out) throws IOException {
    out.writeLong(payment.id);
    StringValue.writeString(payment.card, out);
    out.writeLong(payment.paidAt);
    out.writeDouble(payment.amount);
    out.writeByte(payment.channel);
  }

  @Override
  public Payment deserialize(DataInputView in) throws IOException {
    return deserialize(new Payment(), in);
  }

  @Override
  public Payment deserialize(Payment reuse, DataInputView in) throws IOException {
    reuse.id = in.readLong();
    reuse.card = StringValue.readString(in);
    reuse.paidAt = in.readLong();
    reuse.amount = in.readDouble();
    reuse.channel = in.readByte();
    return reuse;
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    serialize(deserialize(in), out);
  }

  @Override
  public TypeSerializerSnapshot<Payment> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Of a form that never changed. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Payment> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
