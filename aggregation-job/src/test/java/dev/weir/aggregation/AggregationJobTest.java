package dev.weir.aggregation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.aggregation.group.SeriesRecord;
import dev.weir.aggregation.operator.InboundRecord;
import dev.weir.aggregation.operator.KafkaEnds;
import dev.weir.aggregation.operator.Scrapes;
import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.DeadLetter;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestStatus;
import dev.weir.schemas.Vantage;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole job on an embedded Flink, with queues in place of Kafka. */
@Timeout(120)
class AggregationJobTest {
    private static final Queue<SeriesRecord> SERIES = new ConcurrentLinkedQueue<>();
    private static final Queue<byte[]> DEAD_LETTERS = new ConcurrentLinkedQueue<>();

    @Test
    void sumsUpScrapesAndBuriesGarbage() throws Exception {
        SERIES.clear();
        DEAD_LETTERS.clear();
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
        // Every fifth record is garbage; the others are scrapes 5 s apart, of a counter that gains 3 each time.
        build(env, 50);
        env.execute("test");
        TreeMap<Long, Double> tokens = new TreeMap<>();
        for (SeriesRecord record : SERIES) {
            for (TimeSeries series : WriteRequest.parseFrom(record.value()).getTimeseriesList()) {
                if (series.getLabelsList().stream()
                        .anyMatch(label -> label.getValue().equals("c_total"))) {
                    for (Sample sample : series.getSamplesList()) {
                        assertEquals(null, tokens.put(sample.getTimestamp(), sample.getValue()));
                    }
                }
            }
        }
        double[] values =
                tokens.values().stream().mapToDouble(Double::doubleValue).toArray();
        double[] ascending = values.clone();
        java.util.Arrays.sort(ascending);
        assertArrayEquals(ascending, values);
        assertEquals(0, values[0]);
        assertEquals(3 * 49, values[values.length - 1]);
        assertEquals(15, DEAD_LETTERS.size());
        TreeMap<String, Integer> topics = new TreeMap<>();
        for (byte[] letter : DEAD_LETTERS) {
            topics.merge(new EventCodec<>(DeadLetter.class).decode(letter).getTopic(), 1, Integer::sum);
        }
        assertEquals(Map.of("weir.requests", 5, "weir.scrapes", 10), topics);
    }

    @Test
    void countsEachRequestOnceAndEndsThemInHistograms() throws Exception {
        SERIES.clear();
        DEAD_LETTERS.clear();
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
        build(env, 50);
        env.execute("test");
        TreeMap<Long, Double> counts = new TreeMap<>();
        TreeMap<Long, Histogram> durations = new TreeMap<>();
        for (SeriesRecord record : SERIES) {
            for (TimeSeries series : WriteRequest.parseFrom(record.value()).getTimeseriesList()) {
                String name = series.getLabels(0).getValue();
                if (name.equals("inference_requests_total")) {
                    series.getSamplesList().forEach(sample -> counts.put(sample.getTimestamp(), sample.getValue()));
                } else if (name.equals("inference_request_duration_seconds")) {
                    series.getHistogramsList().forEach(histogram -> durations.put(histogram.getTimestamp(), histogram));
                }
            }
        }
        assertEquals(0, counts.firstEntry().getValue());
        assertEquals(25, counts.lastEntry().getValue());
        assertEquals(0, durations.firstEntry().getValue().getCountInt());
        assertEquals(25, durations.lastEntry().getValue().getCountInt());
        assertEquals(25 * 26 / 2, durations.lastEntry().getValue().getSum());
        assertEquals(counts.keySet(), durations.keySet());
        assertEquals(15, DEAD_LETTERS.size());
    }

    @Test
    void operatorsKeepTheirUids() throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
        build(env, 1);
        List<String> uids = env.getStreamGraph().getStreamNodes().stream()
                .sorted(Comparator.comparing(StreamNode::getTransformationUID))
                .map(node -> node.getTransformationUID() + " " + node.getOperatorName())
                .toList();
        assertEquals(
                List.of(
                        "dead-letter-sink dead-letter-sink: Writer",
                        "event-router event-router",
                        "lane-windows lane-windows",
                        "request-deduplication request-deduplication",
                        "request-router request-router",
                        "requests Source: requests",
                        "scrapes Source: scrapes",
                        "series-sink series-sink: Writer",
                        "target-increments target-increments"),
                uids);
    }

    @Test
    void argumentsAreExplained() {
        assertEquals(
                "arguments --conf x (expected: --config weir.yml)",
                assertThrows(ConfigurationException.class, () -> AggregationJob.main(new String[] {"--conf", "x"}))
                        .getMessage());
    }

    private static void build(StreamExecutionEnvironment env, long records) {
        AggregationOptions options = AggregationOptions.of(WeirConfig.parse("{}", "weir.yml"));
        AggregationJob.build(
                env,
                options,
                new AggregationJob.Ends(
                        new DataGeneratorSource<>(AggregationJobTest::record, records, KafkaEnds.inboundType()),
                        new DataGeneratorSource<>(AggregationJobTest::request, records, KafkaEnds.inboundType()),
                        new QueueSink<>(record -> SERIES.add(record)),
                        new QueueSink<>(letter -> DEAD_LETTERS.add(letter))));
    }

    /** Every tenth record is garbage, every second one tells a request anew; the requests take 1, 2, 3 ... s. */
    private static InboundRecord request(long index) {
        RequestEvent event = RequestEvent.newBuilder()
                .setRequestId("r" + index / 2)
                .setProject("p")
                .setModel("m")
                .setStatus(RequestStatus.OK)
                .setVantage(Vantage.GATEWAY)
                .setStartMs(0)
                .setEndMs(1_000 * (1 + index / 2))
                .build();
        byte[] value = index % 10 == 1 ? new byte[] {1, 2} : new EventCodec<>(RequestEvent.class).encode(event);
        return new InboundRecord("weir.requests", 0, index, Scrapes.START_MS + 5_000 * index, new byte[0], value);
    }

    private static InboundRecord record(long index) {
        byte[] value = index % 5 == 2 ? new byte[] {1, 2} : Scrapes.encoded(5 * index, (double) (3 * index));
        return new InboundRecord("weir.scrapes", 0, index, Scrapes.START_MS + 5_000 * index, new byte[0], value);
    }

    private interface Taker<T> extends java.io.Serializable {
        boolean take(T element);
    }

    private record QueueSink<T>(Taker<T> taker) implements Sink<T> {
        @Override
        public SinkWriter<T> createWriter(WriterInitContext context) {
            return new SinkWriter<>() {
                @Override
                public void write(T element, Context writing) {
                    taker.take(element);
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }
}
