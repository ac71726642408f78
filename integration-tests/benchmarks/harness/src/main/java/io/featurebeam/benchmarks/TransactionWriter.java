package io.featurebeam.benchmarks;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** Builds Parquet writers of card transactions. */
@SuppressWarnings("deprecation") // Hadoop configuration is what Parquet asks a writer for
final class TransactionWriter
    extends ParquetWriter.Builder<TransactionWriter.Transaction, TransactionWriter> {

  static final MessageType SCHEMA =
      Types.buildMessage()
          .required(INT64)
          .named("id")
          .required(BINARY)
          .as(stringType())
          .named("user")
          .required(BINARY)
          .as(stringType())
          .named("merchant")
          .required(DOUBLE)
          .named("amount")
          .optional(BINARY)
          .as(stringType())
          .named("country")
          .required(BINARY)
          .as(stringType())
          .named("channel")
          .required(INT64)
          .as(timestampType(true, TimeUnit.MICROS))
          .named("time")
          .required(BOOLEAN)
          .named("label")
          .named("transaction");

  TransactionWriter(OutputFile file) {
    super(file);
  }

  @Override
  protected TransactionWriter self() {
    return this;
  }

  @Override
  protected WriteSupport<Transaction> getWriteSupport(Configuration configuration) {
    return new TransactionWriteSupport();
  }

  /** One record, refilled for each row: the writer copies what it keeps. */
  @NullUnmarked
  static final class Transaction {
    private static final int USER_DIGITS = 8;

    private final byte[] userBytes = new byte[1 + USER_DIGITS];
    final Binary user = Binary.fromReusedByteArray(userBytes);
    long id;
    Binary merchant;
    double amount;
    @Nullable Binary country;
    Binary channel;
    long time;
    boolean label;

    /** The user of a number, as {@code u00000042}. */
    void setUser(int number) {
      userBytes[0] = 'u';
      int rest = number;
      for (int i = USER_DIGITS; i > 0; i--) {
        userBytes[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
  }

  @NullUnmarked
  private static final class TransactionWriteSupport extends WriteSupport<Transaction> {
    private RecordConsumer consumer;

    @Override
    public WriteContext init(Configuration configuration) {
      return new WriteContext(SCHEMA, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
    }

    @Override
    public void write(Transaction transaction) {
      consumer.startMessage();
      consumer.startField("id", 0);
      consumer.addLong(transaction.id);
      consumer.endField("id", 0);
      binary("user", 1, transaction.user);
      binary("merchant", 2, transaction.merchant);
      consumer.startField("amount", 3);
      consumer.addDouble(transaction.amount);
      consumer.endField("amount", 3);
      if (transaction.country != null) {
        binary("country", 4, transaction.country);
      }
      binary("channel", 5, transaction.channel);
      consumer.startField("time", 6);
      consumer.addLong(transaction.time);
      consumer.endField("time", 6);
      consumer.startField("label", 7);
      consumer.addBoolean(transaction.label);
      consumer.endField("label", 7);
      consumer.endMessage();
    }

    private void binary(String name, int index, Binary value) {
      consumer.startField(name, index);
      consumer.addBinary(value);
      consumer.endField(name, index);
    }
  }
}
