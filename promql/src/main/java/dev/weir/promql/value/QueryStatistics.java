package dev.weir.promql.value;

/**
 * What a query cost.
 *
 * @param seriesRead series taken from the store, each as often as a selector took it
 * @param samplesRead samples decoded from the store
 * @param peakSamples the most samples held in memory at once
 */
public record QueryStatistics(long seriesRead, long samplesRead, long peakSamples) {}
