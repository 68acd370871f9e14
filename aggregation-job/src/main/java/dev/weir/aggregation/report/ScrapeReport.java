package dev.weir.aggregation.report;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one accepted scrape of one target means for its group; the one record per scrape that is shuffled. Numbers alone;
 * what they mean was told before.
 *
 * @param target identity of the target
 * @param shape identity of the {@link Telling} by which the report is read
 * @param telling null if the target's newest one is of that shape
 * @param appendMs broker time of the scrape
 * @param seenMs when the scrape was made, not after {@code appendMs}
 * @param intervalMs the target's scrape interval
 * @param lastWord whether the target is going away with this scrape; it is a goodbye, too
 * @param increments of cumulative series
 * @param natives what of the increments' histograms are native ones
 * @param unaccounted what of cumulative series is not proven
 * @param resets which series began anew; seldom any
 * @param gauges all values that pass through; after a failed scrape only those about the scrape itself
 * @param families metadata, sent now and then
 */
public record ScrapeReport(
        String target,
        long shape,
        @Nullable Telling telling,
        long appendMs,
        long seenMs,
        long intervalMs,
        boolean lastWord,
        Increments increments,
        List<NativeGain> natives,
        List<Unaccounted> unaccounted,
        List<CounterResets> resets,
        GaugeValues gauges,
        List<FamilyInfo> families) {
    /** No telling's. */
    public static final long NO_SHAPE = 0;

    public void write(DataOutput out) throws IOException {
        StateIo.writeString(out, target);
        out.writeLong(shape);
        out.writeBoolean(telling != null);
        if (telling != null) {
            telling.write(out);
        }
        out.writeLong(appendMs);
        out.writeLong(seenMs);
        out.writeLong(intervalMs);
        out.writeBoolean(lastWord);
        increments.write(out);
        out.writeInt(natives.size());
        for (NativeGain gain : natives) {
            gain.write(out);
        }
        out.writeInt(unaccounted.size());
        for (Unaccounted one : unaccounted) {
            one.write(out);
        }
        out.writeInt(resets.size());
        for (CounterResets one : resets) {
            one.write(out);
        }
        gauges.write(out);
        out.writeInt(families.size());
        for (FamilyInfo family : families) {
            family.write(out);
        }
    }

    public static ScrapeReport read(DataInput in) throws IOException {
        String target = StateIo.readString(in);
        long shape = in.readLong();
        Telling telling = in.readBoolean() ? Telling.read(in) : null;
        long appendMs = in.readLong();
        long seenMs = in.readLong();
        long intervalMs = in.readLong();
        boolean lastWord = in.readBoolean();
        Increments increments = Increments.read(in);
        List<NativeGain> natives = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            natives.add(NativeGain.read(in));
        }
        List<Unaccounted> unaccounted = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            unaccounted.add(Unaccounted.read(in));
        }
        List<CounterResets> resets = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            resets.add(CounterResets.read(in));
        }
        GaugeValues gauges = GaugeValues.read(in);
        List<FamilyInfo> families = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            families.add(FamilyInfo.read(in));
        }
        return new ScrapeReport(
                target,
                shape,
                telling,
                appendMs,
                seenMs,
                intervalMs,
                lastWord,
                increments,
                natives,
                unaccounted,
                resets,
                gauges,
                families);
    }
}
