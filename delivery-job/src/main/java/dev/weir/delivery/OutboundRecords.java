package dev.weir.delivery;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * What leaves for a receiver out of a record: its series under the receiver's labels, less what is not for it, in pieces that
 * are no larger than a request may be. A histogram stays in one piece, and pieces keep the order. What asks for no change is
 * passed on as it is, without being decoded. Not safe for use by several threads.
 */
final class OutboundRecords {
    private final OutboundLabels labels;
    private final boolean metadata;
    private final boolean nativeHistograms;
    private final long ageLimitMs;
    private final int maxSamples;
    private final InstantSource clock;
    private final DeliveryMetrics metrics;

    OutboundRecords(DeliveryOptions options, InstantSource clock, DeliveryMetrics metrics) {
        this.labels = new OutboundLabels(
                options.externalLabels(), options.receiver().content().relabelRules());
        this.metadata = options.receiver().content().metadata();
        this.nativeHistograms = options.receiver().content().nativeHistograms();
        Duration ageLimit = options.receiver().queue().sampleAgeLimit();
        this.ageLimitMs = ageLimit.isZero() ? Long.MAX_VALUE : ageLimit.toMillis();
        this.maxSamples = options.limits().maxRequestSamples();
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * The record's pieces, in order; none if nothing of it is for the receiver. Samples that are held back are counted.
     *
     * @throws InvalidProtocolBufferException if the record's value is no write request; nothing is counted then
     */
    List<SeriesRecord> of(SeriesRecord record) throws InvalidProtocolBufferException {
        RequestShape shape = RequestShape.of(record.value());
        if (labels.changeNothing() && metadata && nativeHistograms && ageLimitMs == Long.MAX_VALUE) {
            metrics.read(shape.samples());
            return shape.samples() <= maxSamples ? List.of(record) : split(record);
        }
        WriteRequest request = WriteRequest.parseFrom(record.value());
        metrics.read(shape.samples());
        WriteRequest.Builder outbound = WriteRequest.newBuilder();
        for (TimeSeries series : request.getTimeseriesList()) {
            add(series, outbound);
        }
        if (outbound.getTimeseriesCount() == 0 && shape.series() > 0) {
            return List.of();
        }
        if (metadata) {
            outbound.addAllMetadata(request.getMetadataList());
        }
        SeriesRecord changed = record.withValue(outbound.build().toByteArray());
        return shape.samples() <= maxSamples ? List.of(changed) : split(changed);
    }

    private void add(TimeSeries series, WriteRequest.Builder outbound) {
        List<Label> sent = labels.changeNothing() ? series.getLabelsList() : labels.of(series.getLabelsList());
        if (sent.isEmpty()) {
            metrics.withheld(Withheld.RELABELLED, series.getSamplesCount() + series.getHistogramsCount());
            return;
        }
        List<Sample> samples = series.getSamplesList();
        List<Histogram> histograms = series.getHistogramsList();
        if (!nativeHistograms && !histograms.isEmpty()) {
            metrics.withheld(Withheld.NATIVE_HISTOGRAM, histograms.size());
            histograms = List.of();
        }
        if (ageLimitMs < Long.MAX_VALUE) {
            long oldestMs = clock.millis() - ageLimitMs;
            int before = samples.size() + histograms.size();
            samples = samples.stream()
                    .filter(sample -> sample.getTimestamp() >= oldestMs)
                    .toList();
            histograms = histograms.stream()
                    .filter(histogram -> histogram.getTimestamp() >= oldestMs)
                    .toList();
            metrics.withheld(Withheld.AGED, before - samples.size() - histograms.size());
        }
        if (!samples.isEmpty() || !histograms.isEmpty()) {
            outbound.addTimeseries(TimeSeries.newBuilder()
                    .addAllLabels(sent)
                    .addAllSamples(samples)
                    .addAllHistograms(histograms));
        }
    }

    private List<SeriesRecord> split(SeriesRecord record) throws InvalidProtocolBufferException {
        List<SeriesRecord> pieces = new ArrayList<>();
        List<WriteRequest> piece = new ArrayList<>();
        int samples = 0;
        for (WriteRequest unit : SeriesUnits.of(record.value())) {
            int more = RequestShape.samplesOf(unit);
            if (!piece.isEmpty() && samples + more > maxSamples) {
                pieces.add(record.withValue(SeriesUnits.merge(piece)));
                piece.clear();
                samples = 0;
            }
            piece.add(unit);
            samples += more;
        }
        pieces.add(record.withValue(SeriesUnits.merge(piece)));
        return pieces;
    }
}
