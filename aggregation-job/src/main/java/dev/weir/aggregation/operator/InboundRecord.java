package dev.weir.aggregation.operator;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A record as Kafka gave it, with its place and the broker's time.
 *
 * @param key empty if it has none
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way, never compared.
public record InboundRecord(String topic, int partition, long offset, long appendMs, byte[] key, byte[] value) {
    void write(DataOutput out) throws IOException {
        StateIo.writeString(out, topic);
        out.writeInt(partition);
        out.writeLong(offset);
        out.writeLong(appendMs);
        StateIo.writeBytes(out, key);
        StateIo.writeBytes(out, value);
    }

    static InboundRecord read(DataInput in) throws IOException {
        return new InboundRecord(
                StateIo.readString(in),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                StateIo.readBytes(in),
                StateIo.readBytes(in));
    }
}
