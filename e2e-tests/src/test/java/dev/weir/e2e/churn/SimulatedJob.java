package dev.weir.e2e.churn;

import dev.weir.aggregation.AggregationJob;
import dev.weir.aggregation.AggregationOptions;
import dev.weir.aggregation.group.SeriesRecord;
import dev.weir.aggregation.operator.InboundRecord;
import dev.weir.aggregation.operator.KafkaEnds;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.Tick;
import dev.weir.simulator.scenario.ScenarioScrape;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongFunction;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The real aggregation job on an embedded Flink; the broker's time is that of the records it is given. */
final class SimulatedJob {
    // The job's ends are serialized on their way into it; in one process they meet here again.
    private static LongFunction<InboundRecord> input = index -> {
        throw new IllegalStateException("no input");
    };
    private static SeriesLog output = new SeriesLog(name -> false);

    private SimulatedJob() {}

    /** Takes every feed, all at once, until the last window. */
    static synchronized void run(List<Feed> feeds, SeriesLog log) throws Exception {
        List<Entry> entries = feeds.stream()
                .flatMap(feed -> feed.scrapes.stream().map(scrape -> new Entry(feed, scrape)))
                .sorted(Comparator.comparingLong(entry -> entry.scrape.answeredMs()))
                .toList();
        run(entries.size(), index -> entries.get((int) index).record(index), log);
    }

    static synchronized void run(long records, LongFunction<InboundRecord> source, SeriesLog log) throws Exception {
        input = source;
        output = log;
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
        AggregationJob.build(
                env,
                AggregationOptions.of(WeirConfig.parse("{}", "weir.yml")),
                new AggregationJob.Ends(
                        new DataGeneratorSource<>(index -> input.apply(index), records, KafkaEnds.inboundType()),
                        new DataGeneratorSource<>(index -> noRequest(), 1, KafkaEnds.inboundType()),
                        new TakingSink<SeriesRecord>(record -> output.add(record.value())),
                        new TakingSink<byte[]>(letter -> {
                            throw new AssertionError("a dead letter");
                        })));
        env.execute("simulated");
    }

    /** A source cannot be empty; a tick is next to nothing. */
    private static InboundRecord noRequest() {
        return new InboundRecord(
                "weir.requests", 0, 0, 0, new byte[0], new EventCodec<>(Tick.class).encode(new Tick("none", 0L)));
    }

    private record Entry(Feed feed, ScenarioScrape scrape) {
        InboundRecord record(long offset) {
            return feed.record(scrape, offset);
        }
    }

    private interface Taker<T> extends Serializable {
        void take(T element);
    }

    private record TakingSink<T>(Taker<T> taker) implements Sink<T> {
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
