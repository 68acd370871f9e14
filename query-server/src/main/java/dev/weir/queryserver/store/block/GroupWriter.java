package dev.weir.queryserver.store.block;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.queryserver.encoding.ColdChunk;
import dev.weir.queryserver.encoding.ColdSeries;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Collects the series of one group and makes chunks of them: of all together for each stretch of time. */
final class GroupWriter {
    /** More of a group make several. */
    static final int MAX_MEMBERS = 128;

    /** What is decoded at once for the sake of one sample, of each series. */
    static final int MAX_SAMPLES = 480;

    private final List<Member> members = new ArrayList<>();

    /** One series: floats as arrays, histograms apart. */
    private static final class Member {
        private final Labels labels;
        private long[] timesMs = new long[16];
        private double[] values = new double[16];
        private int size;
        private final SampleColumns histograms = new SampleColumns();
        private int next;

        Member(Labels labels) {
            this.labels = labels;
        }

        void add(SampleColumns samples) {
            int needed = size + samples.size();
            if (needed > timesMs.length) {
                timesMs = Arrays.copyOf(timesMs, Math.max(needed, 2 * timesMs.length));
                values = Arrays.copyOf(values, timesMs.length);
            }
            for (int i = 0; i < samples.size(); i++) {
                FloatHistogram histogram = samples.histogram(i);
                if (histogram == null) {
                    timesMs[size] = samples.timestampMs(i);
                    values[size++] = samples.value(i);
                } else {
                    histograms.add(samples.timestampMs(i), histogram);
                }
            }
        }

        /** Where the floats after {@code endMs} begin. */
        int endOf(long endMs) {
            int end = next;
            while (end < size && timesMs[end] <= endMs) {
                end++;
            }
            return end;
        }
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** Whether a series belongs with those that are here. */
    boolean takes(Labels labels) {
        return members.size() < MAX_MEMBERS && GroupOrder.compareGroups(members.get(0).labels, labels) == 0;
    }

    void add(Labels labels, SampleColumns samples) {
        Member member = new Member(labels);
        member.add(samples);
        members.add(member);
    }

    List<Labels> labels() {
        return members.stream().map(member -> member.labels).toList();
    }

    /** The chunks of all that was added, by time. */
    List<GroupChunk> chunks() {
        List<GroupChunk> chunks = new ArrayList<>();
        for (long endMs = nextEnd(); endMs != Long.MIN_VALUE; endMs = nextEnd()) {
            chunks.add(floats(endMs));
        }
        for (int i = 0; i < members.size(); i++) {
            addHistograms(i, chunks);
        }
        return chunks;
    }

    void clear() {
        members.clear();
    }

    /** Up to when every series has at most {@link #MAX_SAMPLES} of what is left; the least long if nothing is left. */
    private long nextEnd() {
        long endMs = Long.MIN_VALUE;
        for (Member member : members) {
            if (member.next < member.size) {
                endMs = Math.max(endMs, member.timesMs[member.size - 1]);
            }
        }
        for (Member member : members) {
            if (member.size - member.next > MAX_SAMPLES) {
                endMs = Math.min(endMs, member.timesMs[member.next + MAX_SAMPLES - 1]);
            }
        }
        return endMs;
    }

    private GroupChunk floats(long endMs) {
        BitSet having = new BitSet();
        List<ColdSeries> group = new ArrayList<>();
        long samples = 0;
        long minMs = Long.MAX_VALUE;
        long maxMs = Long.MIN_VALUE;
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            int end = member.endOf(endMs);
            if (end > member.next) {
                having.set(i);
                long[] timesMs = Arrays.copyOfRange(member.timesMs, member.next, end);
                group.add(new ColdSeries(timesMs, Arrays.copyOfRange(member.values, member.next, end), timesMs.length));
                samples += timesMs.length;
                minMs = Math.min(minMs, timesMs[0]);
                maxMs = Math.max(maxMs, timesMs[timesMs.length - 1]);
                member.next = end;
            }
        }
        return new GroupChunk(ColdChunk.encode(group), false, having, samples, minMs, maxMs);
    }

    private void addHistograms(int index, List<GroupChunk> chunks) {
        SampleColumns samples = members.get(index).histograms;
        for (int from = 0; from < samples.size(); from += HistogramRuns.MAX_HISTOGRAMS) {
            int to = Math.min(samples.size(), from + HistogramRuns.MAX_HISTOGRAMS);
            BitSet having = new BitSet();
            having.set(index);
            chunks.add(new GroupChunk(
                    HistogramRuns.encode(samples, from, to),
                    true,
                    having,
                    to - from,
                    samples.timestampMs(from),
                    samples.timestampMs(to - 1)));
        }
    }
}
