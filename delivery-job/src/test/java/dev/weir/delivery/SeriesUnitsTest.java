package dev.weir.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.MetricMetadata;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesUnitsTest {
    @Test
    void keepsAHistogramTogetherAndOtherSeriesApart() throws Exception {
        List<TimeSeries> all = new ArrayList<>();
        all.add(Requests.series(1, 1, "requests_total", "model", "a"));
        all.addAll(Requests.histogram(1, "latency_seconds", "model", "a"));
        all.addAll(Requests.histogram(1, "latency_seconds", "model", "b"));
        all.add(Requests.series(1, 1, "requests_total", "model", "b"));
        assertEquals(List.of(1, 5, 5, 1), sizes(all));
    }

    @Test
    void findsTheSeriesOfAHistogramWhereverTheyStand() throws Exception {
        List<TimeSeries> histogram = Requests.histogram(1, "h", "a", "b");
        List<TimeSeries> all = new ArrayList<>();
        all.add(histogram.get(4));
        all.add(Requests.series(1, 1, "x"));
        all.addAll(histogram.subList(0, 4));
        assertEquals(List.of(5, 1), sizes(all));
    }

    @Test
    void takesCountAndSumForSeriesOfTheirOwnWhereNoBucketsAre() throws Exception {
        assertEquals(
                List.of(1, 1, 1),
                sizes(List.of(
                        Requests.series(1, 1, "crusoe_inference_request_count"),
                        Requests.series(1, 1, "tensor_throughput_batch_count"),
                        Requests.series(1, 1, "cost_sum"))));
    }

    @Test
    void countsASeriesThatIsThereTwiceAsTwo() throws Exception {
        assertEquals(List.of(1, 1), sizes(List.of(Requests.series(1, 1, "up"), Requests.series(2, 1, "up"))));
    }

    @Test
    void givesEachUnitTheMetadataOfItsFamily() throws Exception {
        MetricMetadata metadata =
                MetricMetadata.newBuilder().setMetricFamilyName("h").build();
        WriteRequest request = Requests.request(Requests.histogram(1, "h")).toBuilder()
                .addTimeseries(Requests.series(1, 1, "up"))
                .addMetadata(metadata)
                .build();
        List<WriteRequest> units = SeriesUnits.of(request.toByteArray());
        assertEquals(List.of(metadata), units.get(0).getMetadataList());
        assertEquals(List.of(), units.get(1).getMetadataList());
        assertEquals(request, WriteRequest.parseFrom(SeriesUnits.merge(units)));
    }

    @Test
    void namesAUnitAsPromqlWould() throws Exception {
        WriteRequest unit = Requests.request(Requests.histogram(1, "h", "model", "a"));
        assertEquals(
                "{__name__=\"h_bucket\", model=\"a\", le=\"1\"} and 4 more series of the same histogram",
                SeriesUnits.describe(unit));
    }

    @Test
    void shapeCountsSeriesAndSamples() throws Exception {
        byte[] bytes = Requests.request(Requests.histogram(1, "h")).toByteArray();
        assertEquals(new RequestShape(5, 5), RequestShape.of(bytes));
        assertEquals(new RequestShape(0, 0), RequestShape.of(new byte[0]));
        assertThrows(InvalidProtocolBufferException.class, () -> RequestShape.of(new byte[] {0x0a, 0x7f, 1}));
        assertThrows(
                InvalidProtocolBufferException.class,
                () -> RequestShape.of("not protobuf".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static List<Integer> sizes(List<TimeSeries> series) throws InvalidProtocolBufferException {
        return SeriesUnits.of(Requests.request(series).toByteArray()).stream()
                .map(WriteRequest::getTimeseriesCount)
                .toList();
    }
}
