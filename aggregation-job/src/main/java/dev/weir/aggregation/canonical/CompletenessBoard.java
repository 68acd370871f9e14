package dev.weir.aggregation.canonical;

import dev.weir.aggregation.state.StateIo;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a group's targets each window has heard of: seen / expected. Expected is every target that was scraped, be it
 * without success, and has not gone since; seen is one whose newest scrape succeeded and is not older than it may be. A group
 * without a target has no ratio: unknown is not zero.
 */
public final class CompletenessBoard {
    private static final int NO_PART = -1;

    private final Map<String, Target> targets = new TreeMap<>();
    private final Map<List<Labels>, Part> parts = new LinkedHashMap<>();

    /**
     * A scrape, as far as it matters here.
     *
     * @param seen whether it succeeded
     * @param untilMs without another one the target is seen no longer than until then
     * @param last whether the target goes with it
     */
    public record Look(boolean seen, long untilMs, boolean last) {
        private static final Look NEVER = new Look(false, Long.MIN_VALUE, true);

        private Look asLast() {
            return new Look(seen, untilMs, true);
        }

        private void write(DataOutput out) throws IOException {
            out.writeBoolean(seen);
            out.writeLong(untilMs);
            out.writeBoolean(last);
        }

        private static Look read(DataInput in) throws IOException {
            return new Look(in.readBoolean(), in.readLong(), in.readBoolean());
        }
    }

    private static final class Target {
        /** Null while none of its pages was seen, so that it may belong to any ratio. */
        @Nullable
        Part part;

        /** The newest look of a closed window; before the first and after the last it is not expected. */
        Look look = Look.NEVER;

        final TreeMap<Long, Look> waiting = new TreeMap<>();

        boolean isExpected() {
            return !look.last();
        }
    }

    /** The ratios that some targets have a part in, and what the window that closes finds of these targets. */
    private static final class Part {
        final List<Labels> series;
        int place;
        int targets;
        int expected;
        int seen;

        Part(List<Labels> series) {
            this.series = series;
        }

        void clear() {
            targets = 0;
            expected = 0;
            seen = 0;
        }
    }

    private static final class Tally {
        int expected;
        int seen;
    }

    public boolean isEmpty() {
        return targets.isEmpty();
    }

    /** Whether no target is seen and none will be, so that no window differs from the one before. */
    public boolean isQuiet() {
        return targets.values().stream().allMatch(target -> target.waiting.isEmpty() && !target.look.seen());
    }

    /**
     * From the end of that window on the look is the target's newest.
     *
     * @param series the ratios that the target has a part in, at least one; null if its page is not known, and then as
     *     before
     */
    public void take(String name, @Nullable List<Labels> series, Look look, long windowEndMs) {
        Target target = targets.computeIfAbsent(name, key -> new Target());
        target.part = series == null ? target.part : parts.computeIfAbsent(series, Part::new);
        target.waiting.put(windowEndMs, look);
    }

    /** The target is expected no longer, or if something is waiting from the end of that one's window on. */
    public void leave(String name) {
        Target known = targets.get(name);
        if (known != null && known.waiting.isEmpty()) {
            targets.remove(name);
        } else if (known != null) {
            known.waiting.put(
                    known.waiting.lastKey(),
                    known.waiting.lastEntry().getValue().asLast());
        }
    }

    /**
     * Closes the window; each ratio that has a target.
     *
     * @param ofUnknown the ratio of targets of which no page was ever seen, in a group that has no other
     */
    public Map<Labels, Double> closeWindow(long windowEndMs, long windowMs, Labels ofUnknown) {
        targets.values().removeIf(target -> {
            if (!target.waiting.isEmpty()) {
                target.look = target.waiting.getOrDefault(windowEndMs, target.look);
                target.waiting.headMap(windowEndMs, true).clear();
            }
            return target.look.last() && target.waiting.isEmpty();
        });
        parts.values().forEach(Part::clear);
        int unknown = 0;
        for (Target target : targets.values()) {
            Part part = target.part;
            if (part != null) {
                part.targets++;
            }
            if (!target.isExpected()) {
                continue;
            }
            if (part == null) {
                unknown++;
                continue;
            }
            boolean seen = target.look.seen() && windowEndMs - windowMs <= target.look.untilMs();
            target.look = seen || !target.look.seen() ? target.look : new Look(false, target.look.untilMs(), false);
            part.expected++;
            part.seen += seen ? 1 : 0;
        }
        parts.values().removeIf(part -> part.targets == 0);
        Map<Labels, Tally> tallies = new LinkedHashMap<>();
        for (Part part : parts.values()) {
            for (Labels one : part.expected == 0 ? List.<Labels>of() : part.series) {
                Tally tally = tallies.computeIfAbsent(one, key -> new Tally());
                tally.expected += part.expected;
                tally.seen += part.seen;
            }
        }
        if (tallies.isEmpty() && unknown > 0) {
            tallies.put(ofUnknown, new Tally());
        }
        Map<Labels, Double> ratios = new LinkedHashMap<>();
        int everywhere = unknown;
        tallies.forEach((series, tally) -> ratios.put(series, (double) tally.seen / (tally.expected + everywhere)));
        return ratios;
    }

    public void write(DataOutput out) throws IOException {
        out.writeInt(parts.size());
        int places = 0;
        for (Part part : parts.values()) {
            part.place = places++;
            out.writeInt(part.series.size());
            for (Labels one : part.series) {
                StateIo.writeLabels(out, one);
            }
        }
        out.writeInt(targets.size());
        for (Map.Entry<String, Target> entry : targets.entrySet()) {
            Target target = entry.getValue();
            StateIo.writeString(out, entry.getKey());
            out.writeInt(target.part == null ? NO_PART : target.part.place);
            target.look.write(out);
            out.writeInt(target.waiting.size());
            for (Map.Entry<Long, Look> waiting : target.waiting.entrySet()) {
                out.writeLong(waiting.getKey());
                waiting.getValue().write(out);
            }
        }
    }

    public static CompletenessBoard read(DataInput in) throws IOException {
        CompletenessBoard board = new CompletenessBoard();
        List<Part> parts = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            List<Labels> series = List.copyOf(StateIo.readLabelsList(in));
            parts.add(board.parts.computeIfAbsent(series, Part::new));
        }
        for (int i = in.readInt(); i > 0; i--) {
            Target target = new Target();
            board.targets.put(StateIo.readString(in), target);
            int place = in.readInt();
            if (place < NO_PART || place >= parts.size()) {
                throw new IOException("completeness: " + place + " (expected: one of " + parts.size() + ")");
            }
            target.part = place == NO_PART ? null : parts.get(place);
            target.look = Look.read(in);
            for (int k = in.readInt(); k > 0; k--) {
                target.waiting.put(in.readLong(), Look.read(in));
            }
        }
        return board;
    }
}
