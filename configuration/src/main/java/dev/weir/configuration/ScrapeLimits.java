package dev.weir.configuration;

import java.io.Serializable;

/**
 * What one scrape may bring; a scrape beyond it counts as failed. 0 means no limit of the user's.
 *
 * @param bodySizeBytes decompressed
 * @param samples after metric relabelling
 * @param labels per sample
 * @param labelNameLength in bytes of UTF-8
 * @param labelValueLength in bytes of UTF-8
 */
public record ScrapeLimits(long bodySizeBytes, int samples, int labels, int labelNameLength, int labelValueLength)
        implements Serializable {
    public static final ScrapeLimits NONE = new ScrapeLimits(0, 0, 0, 0, 0);
}
