package dev.weir.aggregation.derived;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.aggregation.member.Member;
import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.sketch.ClassicSketch;
import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The sketches of the canonical latencies of scrapes, each written with the points of its histogram. */
final class ClassicSketches {
    private static final Set<CanonicalFamily> LATENCIES = EnumSet.of(
            CanonicalFamily.REQUEST_DURATION,
            CanonicalFamily.TIME_TO_FIRST_TOKEN,
            CanonicalFamily.TIME_PER_OUTPUT_TOKEN,
            CanonicalFamily.INTER_TOKEN_LATENCY);

    private final Map<Labels, ClassicSketch> sketches = new HashMap<>();

    /** @param blockedMs a time up to which the series' labels have points of a former life */
    void write(Member member, long windowEndMs, long blockedMs, WriteRequestEncoder out) {
        BucketLayout layout = member.series().layout();
        CanonicalFamily family = CanonicalFamily.words().get(member.labels().metricName());
        // A histogram of the bucket +Inf alone tells a mean and no more.
        if (family != null && LATENCIES.contains(family) && layout != null && layout.size() > 1) {
            sketches.computeIfAbsent(member.labels(), ClassicSketch::new)
                    .write(member.series(), windowEndMs, member.windowMs(), blockedMs, out);
        }
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
