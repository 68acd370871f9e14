package dev.weir.ingest.source;

import dev.weir.configuration.WeirConfig;
import dev.weir.ingest.topic.IngestRecord;
import java.time.Clock;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Scrapes of all targets of a configuration, each attempt one record, and ticks. Never ends. */
public final class ScrapeSource implements Source<IngestRecord, TargetSplit, EnumeratorState> {
    private static final long serialVersionUID = 1;

    private final WeirConfig config;

    public ScrapeSource(WeirConfig config) {
        this.config = config;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<IngestRecord, TargetSplit> createReader(SourceReaderContext context) {
        return new ScrapeReader(context, config.scrapeConfigs(), Clock.systemUTC());
    }

    @Override
    public SplitEnumerator<TargetSplit, EnumeratorState> createEnumerator(SplitEnumeratorContext<TargetSplit> context) {
        return restoreEnumerator(context, EnumeratorState.fresh());
    }

    @Override
    public SplitEnumerator<TargetSplit, EnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<TargetSplit> context, EnumeratorState state) {
        return new TargetEnumerator(context, config, state, Clock.systemUTC());
    }

    @Override
    public SimpleVersionedSerializer<TargetSplit> getSplitSerializer() {
        return new TargetSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<EnumeratorState> getEnumeratorCheckpointSerializer() {
        return new EnumeratorStateSerializer();
    }
}
