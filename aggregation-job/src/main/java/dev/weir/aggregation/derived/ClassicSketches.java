package dev.weir.aggregation.derived;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.aggregation.member.Member;
import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.sketch.ClassicSketch;
import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sketches of the canonical latencies of scrapes, each written with the points of its histogram. */
final class ClassicSketches {
    private static final Set<CanonicalFamily> LATENCIES = EnumSet.of(
            CanonicalFamily.REQUEST_DURATION,
            CanonicalFamily.TIME_TO_FIRST_TOKEN,
            CanonicalFamily.TIME_PER_OUTPUT_TOKEN,
            CanonicalFamily.INTER_TOKEN_LATENCY);

    private final Map<Labels, ClassicSketch> sketches = new HashMap<>();

    /**
     * Takes what is known by native buckets of what the histogram gains in the window that closes; before the window is
     * written.
     *
     * @param layout of {@code classic}
     * @param classic the same gains as the histogram has them, with the sum at the end; null for nothing
     */
    void take(
            Member member,
            @Nullable FloatHistogram gained,
            @Nullable BucketLayout layout,
            double @Nullable [] classic) {
        if (isLatency(member)) {
            sketches.computeIfAbsent(member.labels(), ClassicSketch::new).take(gained, layout, classic);
        }
    }

    /** @param blockedMs a time up to which the series' labels have points of a former life */
    void write(Member member, long windowEndMs, long blockedMs, WriteRequestEncoder out) {
        ClassicSketch sketch = sketch(member);
        if (sketch != null) {
            sketch.write(member.series(), windowEndMs, member.windowMs(), blockedMs, out);
        }
    }

    /**
     * Takes the window's gains as written, because a target exposes a family of the histogram's name: the sketch ends here
     * and goes on from these when that has gone.
     *
     * @param marked whether the end is to be marked
     */
    void leaveOut(Member member, long windowEndMs, boolean marked, WriteRequestEncoder out) {
        ClassicSketch sketch = sketch(member);
        if (sketch != null) {
            sketch.leaveOut(member.series(), windowEndMs, marked, out);
        }
    }

    private @Nullable ClassicSketch sketch(Member member) {
        BucketLayout layout = member.series().layout();
        // A histogram of the bucket +Inf alone tells a mean and no more, unless native buckets say what lies there.
        return layout != null && layout.size() > 1 && isLatency(member)
                ? sketches.computeIfAbsent(member.labels(), ClassicSketch::new)
                : sketches.get(member.labels());
    }

    private static boolean isLatency(Member member) {
        CanonicalFamily family = CanonicalFamily.words().get(member.labels().metricName());
        return family != null && LATENCIES.contains(family);
    }

    /** Ends the sketch of the histogram; should it return, its sketch begins at 0. */
    void end(Labels histogram, long windowEndMs, WriteRequestEncoder out) {
        ClassicSketch sketch = sketches.remove(histogram);
        if (sketch != null) {
            sketch.end(windowEndMs, out);
        }
    }

    /** Whether a window without increments would write other values than the one before. */
    boolean isChanging() {
        return sketches.values().stream().anyMatch(ClassicSketch::isLive);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(sketches.size());
        for (Map.Entry<Labels, ClassicSketch> entry : sketches.entrySet()) {
            StateIo.writeLabels(out, entry.getKey());
            entry.getValue().write(out);
        }
    }

    static ClassicSketches read(DataInput in) throws IOException {
        ClassicSketches sketches = new ClassicSketches();
        for (int i = in.readInt(); i > 0; i--) {
            sketches.sketches.put(StateIo.readLabels(in), ClassicSketch.read(in));
        }
        return sketches;
    }
}
