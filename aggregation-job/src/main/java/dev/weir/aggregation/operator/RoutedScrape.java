package dev.weir.aggregation.operator;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * An encoded scrape event on its way to its target's state.
 *
 * @param target identity of the target
 * @param appendMs broker time
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way, never compared.
public record RoutedScrape(String target, long appendMs, byte[] event) {
    void write(DataOutput out) throws IOException {
        StateIo.writeString(out, target);
        out.writeLong(appendMs);
        StateIo.writeBytes(out, event);
    }

    static RoutedScrape read(DataInput in) throws IOException {
        return new RoutedScrape(StateIo.readString(in), in.readLong(), StateIo.readBytes(in));
    }
}
