package dev.weir.aggregation.sketch;

import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One family of latencies of one group as it leaves: a cumulative native histogram with a point in every window, and quantiles
 * of the window's own observations, which end where it has none. Not safe for use by several threads.
 */
public final class SketchSeries {
    /** The quantiles that are told, in thousandths, and as labels tell them. */
    private static final int[] PER_MILLE = {500, 900, 950, 990};

    private static final String[] QUANTILES = {"0.5", "0.9", "0.95", "0.99"};

    private static final int VERSION = 2;
    private static final long NEVER = Long.MIN_VALUE;

    /** What is told of a quantile. */
    public enum Part {
        VALUE("_quantile", "Quantile of the window's observations"),
        LOWER("_quantile_lower", "The true quantile is not below this"),
        UPPER("_quantile_upper", "The true quantile is not above this");

        private final String suffix;
        private final String help;

        Part(String suffix, String help) {
            this.suffix = suffix;
            this.help = help;
        }

        /** The gauge's name. */
        public String metricName(String family) {
            return family + suffix;
        }

        public String help(String familyHelp) {
            return help + ": " + familyHelp;
        }

        private double of(Quantiles.Estimate estimate) {
            return switch (this) {
                case VALUE -> estimate.value();
                case LOWER -> estimate.lower();
                case UPPER -> estimate.upper();
            };
        }
    }

    private final Labels labels;
    private final Sketch total;
    private long lastPointMs;
    /** Whether the newest quantiles are values. */
    private boolean live;
    /** Whether another writes a family of this name at present. */
    private boolean leftOut;

    private byte @Nullable [] encoded;
    private final Map<Part, byte[][]> encodedQuantiles = new EnumMap<>(Part.class);

    /** @param labels of the histogram, the family's name included */
    public SketchSeries(Labels labels) {
        this(labels, new Sketch(), NEVER, false, false);
    }

    private SketchSeries(Labels labels, Sketch total, long lastPointMs, boolean live, boolean leftOut) {
        this.labels = labels;
        this.total = total;
        this.lastPointMs = lastPointMs;
        this.live = live;
        this.leftOut = leftOut;
    }

    /** Whether the newest quantiles are values, so that the next window has something to say even if nothing happens. */
    public boolean isLive() {
        return live;
    }

    /** All that was written. */
    public double count() {
        return total.count();
    }

    /**
     * Writes a window. The histogram's first point, and the first after a gap, is preceded one window earlier by the former
     * value; nothing is written before the first observation.
     *
     * @param observed the window's observations, or null if there are none
     * @param quantiles of these observations, or null
     * @param blockedMs up to here the series may have points of a former life
     */
    public void write(
            @Nullable Sketch observed,
            @Nullable Quantiles quantiles,
            long windowEndMs,
            long windowMs,
            long blockedMs,
            WriteRequestEncoder out) {
        if (lastPointMs == NEVER && observed == null) {
            return;
        }
        long beforeMs = windowEndMs - windowMs;
        boolean precedes = lastPointMs < beforeMs && beforeMs > blockedMs;
        byte[] series = encoded();
        Histogram former = precedes ? NativeHistograms.of(total, beforeMs) : null;
        if (observed != null) {
            total.merge(observed);
        }
        Histogram present = NativeHistograms.of(total, windowEndMs);
        if (former == null) {
            out.addHistograms(series, present);
        } else {
            out.addHistograms(series, former, present);
        }
        lastPointMs = windowEndMs;
        leftOut = false;
        if (quantiles != null) {
            writeQuantiles(quantiles, windowEndMs, out);
        } else {
            endQuantiles(windowEndMs, out);
        }
    }

    /**
     * Takes a window as written: all series end here, and the histogram goes on from this window with the next {@link #write}.
     *
     * @param observed the window's observations, or null if there are none
     * @param marked whether the histogram's end is to be marked
     */
    public void leaveOut(@Nullable Sketch observed, long windowEndMs, boolean marked, WriteRequestEncoder out) {
        if (marked) {
            end(windowEndMs, out);
        } else {
            endQuantiles(windowEndMs, out);
        }
        leftOut = true;
        if (observed != null) {
            total.merge(observed);
        }
        if (lastPointMs != NEVER || observed != null) {
            lastPointMs = windowEndMs;
        }
    }

    /** Ends all series for their readers. */
    public void end(long windowEndMs, WriteRequestEncoder out) {
        if (!leftOut && lastPointMs != NEVER && lastPointMs < windowEndMs) {
            out.addHistograms(encoded(), NativeHistograms.stale(windowEndMs));
        }
        endQuantiles(windowEndMs, out);
    }

    /** Of observations that could be anything nothing is known, and nothing told. */
    private void writeQuantiles(Quantiles quantiles, long windowEndMs, WriteRequestEncoder out) {
        boolean known = false;
        for (int i = 0; i < PER_MILLE.length; i++) {
            Quantiles.Estimate estimate = quantiles.at(PER_MILLE[i]);
            known |= estimate != null;
            for (Part part : Part.values()) {
                if (estimate != null) {
                    out.add(encoded(part)[i], windowEndMs, part.of(estimate));
                } else if (live) {
                    out.add(encoded(part)[i], windowEndMs, StaleMarker.VALUE);
                }
            }
        }
        live = known;
    }

    private void endQuantiles(long windowEndMs, WriteRequestEncoder out) {
        if (live) {
            for (Part part : Part.values()) {
                for (byte[] series : encoded(part)) {
                    out.add(series, windowEndMs, StaleMarker.VALUE);
                }
            }
            live = false;
        }
    }

    private byte[] encoded() {
        byte[] known = encoded;
        if (known == null) {
            known = WriteRequestEncoder.labels(labels.toMap());
            encoded = known;
        }
        return known;
    }

    private byte[][] encoded(Part part) {
        return encodedQuantiles.computeIfAbsent(part, key -> {
            byte[][] series = new byte[QUANTILES.length][];
            for (int i = 0; i < series.length; i++) {
                series[i] = WriteRequestEncoder.labels(labels.toBuilder()
                        .set(Labels.METRIC_NAME, part.metricName(labels.metricName()))
                        .set("quantile", QUANTILES[i])
                        .build()
                        .toMap());
            }
            return series;
        });
    }

    /** Writes the stored form, which begins with its version. */
    public void write(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        StateIo.writeLabels(out, labels);
        total.write(out);
        out.writeLong(lastPointMs);
        out.writeBoolean(live);
        out.writeBoolean(leftOut);
    }

    public static SketchSeries read(DataInput in) throws IOException {
        StateIo.expectVersion(in, VERSION, "sketch series");
        return new SketchSeries(
                StateIo.readLabels(in), Sketch.read(in), in.readLong(), in.readBoolean(), in.readBoolean());
    }
}
