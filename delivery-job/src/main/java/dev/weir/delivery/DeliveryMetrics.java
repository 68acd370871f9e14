package dev.weir.delivery;

/**
 * What a delivery job counts. Calls come from one thread. Of the samples read, each ends in exactly one of delivered, already
 * delivered, too old, dead letters and withheld, or still waits.
 */
interface DeliveryMetrics {
    /** Samples and native histograms read from the topic. */
    void read(int samples);

    /** Samples and native histograms that the receiver took in. */
    void delivered(int samples);

    /** Samples that the receiver had already, as far as its answer tells. */
    void alreadyDelivered(int samples);

    /** Samples, perhaps delivered earlier, that the receiver says are older than what it takes in. */
    void tooOld(int samples);

    /** Samples that went to the dead-letter topic. */
    void deadLettered(int samples);

    /** Samples that are not for this receiver. */
    void withheld(Withheld reason, int samples);

    /** One try that has to be repeated, because of a RETRY or a MISCONFIGURED. */
    void retry(AnswerClass reason);

    /** One request sent, of so many uncompressed bytes. */
    void request(int bytes);
}
