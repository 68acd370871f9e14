package dev.weir.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RemoteWriteMessageTest {
    @Test
    void requestHasTheBytesOfTheSpecification() {
        // By hand: series 1 {label 1 {name 1, value 2}, sample 2 {double 1, int64 2}}.
        String hex = "0a1d" + "0a0e" + "0a085f5f6e616d655f5f" + "12027570" + "120b" + "09000000000000f03f" + "107b";
        assertEquals(hex, HexFormat.of().formatHex(up(123, 1).toByteArray()));
    }

    @Test
    void concatenatedRequestsReadAsTheirMerge() throws Exception {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(up(1, 1).toByteArray());
        both.writeBytes(up(2, 0).toByteArray());
        WriteRequest merged = WriteRequest.parseFrom(both.toByteArray());
        assertEquals(up(1, 1).toBuilder().mergeFrom(up(2, 0)).build(), merged);
        assertEquals(2, merged.getTimeseriesCount());
    }

    @Test
    void nativeHistogramUsesZigzagWhereTheSpecificationDoes() {
        Histogram histogram = Histogram.newBuilder()
                .setCountInt(1)
                .setSchema(-1)
                .addPositiveDeltas(-2)
                .setTimestamp(-1)
                .build();
        assertEquals(
                "0801" + "2001" + "620103" + "78ffffffffffffffffff01",
                HexFormat.of().formatHex(histogram.toByteArray()));
    }

    private static WriteRequest up(long timestampMs, double value) {
        return WriteRequest.newBuilder()
                .addTimeseries(TimeSeries.newBuilder()
                        .addLabels(Label.newBuilder().setName("__name__").setValue("up"))
                        .addSamples(
                                Sample.newBuilder().setTimestamp(timestampMs).setValue(value)))
                .build();
    }
}
