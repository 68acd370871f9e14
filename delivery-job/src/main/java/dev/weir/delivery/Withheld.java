package dev.weir.delivery;

import java.util.Locale;

/** Why a sample is not sent to a receiver, though nothing is wrong with it. */
enum Withheld {
    /** {@code write_relabel_configs} drop its series. */
    RELABELLED,
    /** It is older than {@code queue_config.sample_age_limit}. */
    AGED,
    /** It is a native histogram, and {@code send_native_histograms} is false. */
    NATIVE_HISTOGRAM,
    /** It is a native histogram, and the receiver says that it takes none. */
    NATIVE_HISTOGRAM_REFUSED;

    /** As the metric's label has it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
