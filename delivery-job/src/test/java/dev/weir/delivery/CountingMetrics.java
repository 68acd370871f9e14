package dev.weir.delivery;

/** Counts in plain fields. */
final class CountingMetrics implements DeliveryMetrics {
    int delivered;
    int alreadyDelivered;
    int tooOld;
    int retries;
    int deadLettered;
    int requests;

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
    public void retry() {
        retries++;
    }

    @Override
    public void deadLettered(int samples) {
        deadLettered += samples;
    }

    @Override
    public void request(int bytes) {
        requests++;
    }
}
