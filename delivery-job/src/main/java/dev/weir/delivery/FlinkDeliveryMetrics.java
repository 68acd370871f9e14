package dev.weir.delivery;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** The counters of a delivery job in Flink's registry, labelled with the receiver. */
final class FlinkDeliveryMetrics implements DeliveryMetrics {
    private final Counter read;
    private final Counter delivered;
    private final Counter alreadyDelivered;
    private final Counter tooOld;
    private final Counter deadLettered;
    private final Map<Withheld, Counter> withheld = new EnumMap<>(Withheld.class);
    private final Counter unavailable;
    private final Counter misconfigured;
    private final Counter requests;
    private final Counter bytes;

    FlinkDeliveryMetrics(MetricGroup parent, String receiver, LongSupplier lagMs) {
        MetricGroup group = parent.addGroup("receiver", receiver);
        read = group.counter("weir_delivery_read_samples_total");
        delivered = group.counter("weir_delivery_samples_total");
        alreadyDelivered = group.counter("weir_delivery_already_delivered_samples_total");
        tooOld = group.counter("weir_delivery_too_old_samples_total");
        deadLettered = group.counter("weir_delivery_dead_letter_samples_total");
        for (Withheld reason : Withheld.values()) {
            withheld.put(
                    reason, group.addGroup("reason", reason.label()).counter("weir_delivery_withheld_samples_total"));
        }
        unavailable = group.addGroup("reason", "unavailable").counter("weir_delivery_retries_total");
        misconfigured = group.addGroup("reason", "misconfigured").counter("weir_delivery_retries_total");
        requests = group.counter("weir_delivery_requests_total");
        bytes = group.counter("weir_delivery_bytes_total");
        Gauge<Double> lag = () -> lagMs.getAsLong() / 1000.0;
        group.gauge("weir_delivery_lag_seconds", lag);
    }

    @Override
    public void read(int samples) {
        read.inc(samples);
    }

    @Override
    public void delivered(int samples) {
        delivered.inc(samples);
    }

    @Override
    public void alreadyDelivered(int samples) {
        alreadyDelivered.inc(samples);
    }

    @Override
    public void tooOld(int samples) {
        tooOld.inc(samples);
    }

    @Override
    public void deadLettered(int samples) {
        deadLettered.inc(samples);
    }

    @Override
    public void withheld(Withheld reason, int samples) {
        withheld.computeIfAbsent(reason, r -> {
                    throw new IllegalStateException("no counter of " + r);
                })
                .inc(samples);
    }

    @Override
    public void retry(AnswerClass reason) {
        (reason == AnswerClass.MISCONFIGURED ? misconfigured : unavailable).inc();
    }

    @Override
    public void request(int requestBytes) {
        requests.inc();
        bytes.inc(requestBytes);
    }
}
