package dev.weir.delivery;

import java.util.EnumMap;
import java.util.Map;

/** Counts in plain fields. */
final class CountingMetrics implements DeliveryMetrics {
    int read;
    int delivered;
    int alreadyDelivered;
    int tooOld;
    int retries;
    int misconfigured;
    int deadLettered;
    int requests;
    final Map<Withheld, Integer> withheld = new EnumMap<>(Withheld.class);

    /** What became of the samples that were read. */
    int accountedFor() {
        return delivered
                + alreadyDelivered
                + tooOld
                + deadLettered
                + withheld.values().stream().mapToInt(samples -> samples).sum();
    }

    @Override
    public void read(int samples) {
        read += samples;
    }

    @Override
    public void delivered(int samples) {
        delivered += samples;
    }

    @Override
    public void alreadyDelivered(int samples) {
        alreadyDelivered += samples;
    }

    @Override
    public void tooOld(int samples) {
        tooOld += samples;
    }

    @Override
    public void retry(AnswerClass reason) {
        retries++;
        misconfigured += reason == AnswerClass.MISCONFIGURED ? 1 : 0;
    }

    @Override
    public void deadLettered(int samples) {
        deadLettered += samples;
    }

    @Override
    public void withheld(Withheld reason, int samples) {
        if (samples > 0) {
            withheld.merge(reason, samples, Integer::sum);
        }
    }

    @Override
    public void request(int bytes) {
        requests++;
    }
}
