package dev.weir.delivery;

/** What a delivery job counts. Calls come from one thread. */
interface DeliveryMetrics {
    /** Samples and native histograms that the receiver took in. */
    void delivered(int samples);

    /** Samples that the receiver had already, as far as its answer tells. */
    void alreadyDelivered(int samples);

    /** Samples, perhaps delivered earlier, that the receiver says are older than what it takes in. */
    void tooOld(int samples);

    /** One try that has to be repeated. */
    void retry();

    /** Samples that went to the dead-letter topic. */
    void deadLettered(int samples);

    /** One request sent, of so many uncompressed bytes. */
    void request(int bytes);
}
