package dev.weir.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.remotewrite.MetricMetadata;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutboundRecordsTest {
    private static final long STALE_NAN = 0x7ff0000000000002L;

    private final CountingMetrics metrics = new CountingMetrics();
    private Instant now = Instant.EPOCH;

    @Test
    void passesOnWhatNeedsNoChangeAsItIs() throws Exception {
        SeriesRecord record = record(Requests.series(1, 1, "up"), Requests.series(1, 1, "down"));
        List<SeriesRecord> pieces = outbound("").of(record);
        assertEquals(1, pieces.size());
        assertSame(record, pieces.get(0));
        assertEquals(2, metrics.read);
    }

    @Test
    void addsExternalLabelsInOrderWhereASeriesLacksThem() throws Exception {
        List<TimeSeries> sent =
                series(outbound("", "cluster: c1, zone: z1").of(record(Requests.series(1, 1, "up", "zone", "own"))));
        assertEquals(
                List.of(
                        Requests.label("__name__", "up"),
                        Requests.label("cluster", "c1"),
                        Requests.label("zone", "own")),
                sent.get(0).getLabelsList());
    }

    @Test
    void relabelsAfterTheExternalLabelsAndDropsWhatTheRulesDrop() throws Exception {
        OutboundRecords outbound = outbound("""
                write_relabel_configs:
                    - {source_labels: [__name__], regex: 'go_.*', action: drop}
                    - {source_labels: [cluster, model], separator: /, target_label: place}
                    - {regex: model, action: labeldrop}
                """, "cluster: c1");
        for (int again = 0; again < 2; again++) {
            List<TimeSeries> sent = series(outbound.of(
                    record(Requests.series(1, 1, "go_threads"), Requests.series(1, 7, "up", "model", "m"))));
            assertEquals(1, sent.size());
            assertEquals(
                    List.of(
                            Requests.label("__name__", "up"),
                            Requests.label("cluster", "c1"),
                            Requests.label("place", "c1/m")),
                    sent.get(0).getLabelsList());
            assertEquals(7, sent.get(0).getSamples(0).getValue());
        }
        assertEquals(Map.of(Withheld.RELABELLED, 2), metrics.withheld);
        assertEquals(List.of(), outbound.of(record(Requests.series(1, 1, "go_threads"))));
    }

    @Test
    void keepsTheBitsOfAStalenessMarkerWhenItRelabels() throws Exception {
        TimeSeries ended = Requests.series(1, Double.longBitsToDouble(STALE_NAN), "up");
        List<TimeSeries> sent = series(outbound("", "cluster: c1").of(record(ended)));
        assertEquals(
                STALE_NAN, Double.doubleToRawLongBits(sent.get(0).getSamples(0).getValue()));
    }

    @Test
    void withholdsSamplesOlderThanTheAgeLimit() throws Exception {
        OutboundRecords outbound = outbound("queue_config: {sample_age_limit: 1m}");
        now = Instant.ofEpochSecond(100);
        TimeSeries series = Requests.series(39_999, 1, "a").toBuilder()
                .addSamples(Sample.newBuilder().setTimestamp(40_000).setValue(2))
                .build();
        List<TimeSeries> sent = series(outbound.of(record(series, Requests.series(1, 1, "b"))));
        assertEquals(1, sent.size());
        assertEquals(40_000, sent.get(0).getSamples(0).getTimestamp());
        assertEquals(Map.of(Withheld.AGED, 2), metrics.withheld);
    }

    @Test
    void sendsNativeHistogramsAndMetadataUnlessToldNotTo() throws Exception {
        WriteRequest request =
                Requests.request(List.of(Requests.nativeHistogram(5, "h"), Requests.series(5, 1, "c"))).toBuilder()
                        .addMetadata(MetricMetadata.newBuilder().setMetricFamilyName("c"))
                        .build();
        SeriesRecord record = Requests.record(1, request);
        assertSame(record, outbound("").of(record).get(0));

        List<SeriesRecord> pieces = outbound("send_native_histograms: false\n  metadata_config: {send: false}")
                .of(record);
        assertEquals(
                Requests.request(List.of(Requests.series(5, 1, "c"))),
                WriteRequest.parseFrom(pieces.get(0).value()));
        assertEquals(Map.of(Withheld.NATIVE_HISTOGRAM, 1), metrics.withheld);
    }

    @Test
    void splitsARecordWithMoreSamplesThanOneRequestMayHoldButNoHistogram() throws Exception {
        OutboundRecords outbound = outbound("queue_config: {max_samples_per_send: 3}");
        List<TimeSeries> all = new ArrayList<>();
        all.add(Requests.series(1, 1, "a"));
        all.add(Requests.series(1, 1, "b"));
        all.addAll(Requests.histogram(1, "h"));
        for (String name : List.of("c", "d", "e", "f")) {
            all.add(Requests.series(1, 1, name));
        }
        List<SeriesRecord> pieces = outbound.of(Requests.record(9, Requests.request(all)));
        List<Integer> sizes = new ArrayList<>();
        for (SeriesRecord piece : pieces) {
            assertEquals(9, piece.offset());
            sizes.add(WriteRequest.parseFrom(piece.value()).getTimeseriesCount());
        }
        assertEquals(List.of(2, 5, 3, 1), sizes);
        assertEquals(all, series(pieces));
    }

    @Test
    void refusesWhatIsNoWriteRequestAndCountsNothing() {
        SeriesRecord garbage = Requests.record(1, new byte[] {1, 2, 3});
        assertThrows(InvalidProtocolBufferException.class, () -> outbound("").of(garbage));
        assertThrows(
                InvalidProtocolBufferException.class,
                () -> outbound("", "cluster: c").of(garbage));
        assertEquals(0, metrics.read);
    }

    private OutboundRecords outbound(String keys) {
        return outbound(keys, "");
    }

    private OutboundRecords outbound(String keys, String externalLabels) {
        WeirConfig config = WeirConfig.parse("""
                global: {external_labels: {%s}}
                remote_write:
                - url: http://127.0.0.1/api/v1/write
                  %s
                """.formatted(externalLabels, keys), "weir.yml");
        DeliveryOptions options =
                DeliveryOptions.toReceiver(config, config.remoteWrite().get(0));
        return new OutboundRecords(options, () -> now, metrics);
    }

    private static SeriesRecord record(TimeSeries... series) {
        return Requests.record(1, Requests.request(List.of(series)));
    }

    private static List<TimeSeries> series(List<SeriesRecord> pieces) throws InvalidProtocolBufferException {
        List<TimeSeries> all = new ArrayList<>();
        for (SeriesRecord piece : pieces) {
            all.addAll(WriteRequest.parseFrom(piece.value()).getTimeseriesList());
        }
        return all;
    }
}
