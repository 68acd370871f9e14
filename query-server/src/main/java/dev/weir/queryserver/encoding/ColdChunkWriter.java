package dev.weir.queryserver.encoding;

import dev.weir.series.StaleMarker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Writes one {@link ColdChunk}. */
final class ColdChunkWriter {
    /** Series that are tried as the one to build on: those that changed by the next less. */
    private static final int CANDIDATES = 4;

    /** One in so many values may be odd; if more are, the scale is another. */
    private static final int VALUES_PER_ODD = 16;

    /** A series as numbers. */
    private static final class Member {
        final ColdSeries samples;
        final int place;
        final int timeLine;
        final int scale;
        final long[] numbers;

        /** Of each number but the first to the one before. */
        final long[] steps;

        /** All that the numbers moved by. */
        double travelled;

        /** Series that this one leads to. */
        int chain;

        Member(ColdSeries samples, int place, int timeLine) {
            this.samples = samples;
            this.place = place;
            this.timeLine = timeLine;
            this.scale = ValueScale.of(samples.values(), samples.count(), 1 + samples.count() / VALUES_PER_ODD);
            this.numbers = numbersOf(samples, scale);
            this.steps = new long[numbers.length - 1];
            for (int i = 0; i < steps.length; i++) {
                steps[i] = numbers[i + 1] - numbers[i];
                travelled += Math.abs((double) steps[i]);
            }
        }

        boolean canBuildOn(Member other) {
            return scale == other.scale
                    && scale != ValueScale.BITS
                    && timeLine == other.timeLine
                    && other.chain < ColdChunk.MAX_CHAIN;
        }
    }

    private final List<ColdSeries> group;
    private final List<long[]> timeLines = new ArrayList<>();

    ColdChunkWriter(List<ColdSeries> group) {
        this.group = group;
    }

    byte[] write() {
        List<Member> members = new ArrayList<>(group.size());
        for (ColdSeries series : group) {
            members.add(new Member(series, members.size(), timeLineOf(series)));
        }
        ByteWriter[] values = new ByteWriter[members.size()];
        List<Member> ordered = new ArrayList<>(members);
        ordered.sort(Comparator.<Member>comparingInt(m -> m.timeLine)
                .thenComparingInt(m -> m.scale)
                .thenComparingDouble(m -> m.travelled));
        for (int i = 0; i < ordered.size(); i++) {
            Member member = ordered.get(i);
            values[member.place] = valuesOf(member, ordered.subList(Math.max(0, i - CANDIDATES), i));
        }
        ByteWriter chunk = new ByteWriter(64 + 64 * group.size());
        chunk.writeByte(ColdChunk.VERSION);
        chunk.writeUnsigned(members.size());
        chunk.writeUnsigned(timeLines.size());
        if (timeLines.size() > 1) {
            members.forEach(member -> chunk.writeUnsigned(member.timeLine));
        }
        List<ByteWriter> parts = new ArrayList<>();
        timeLines.forEach(line -> parts.add(timeLine(line)));
        parts.addAll(Arrays.asList(values));
        parts.forEach(part -> chunk.writeUnsigned(part.size()));
        parts.forEach(chunk::writeBytes);
        return chunk.toByteArray();
    }

    private int timeLineOf(ColdSeries series) {
        for (int i = timeLines.size() - 1; i >= 0; i--) {
            long[] line = timeLines.get(i);
            if (Arrays.equals(line, 0, line.length, series.timesMs(), 0, series.count())) {
                return i;
            }
        }
        timeLines.add(Arrays.copyOf(series.timesMs(), series.count()));
        return timeLines.size() - 1;
    }

    private static ByteWriter timeLine(long[] timesMs) {
        ByteWriter out = new ByteWriter(32);
        out.writeUnsigned(timesMs.length);
        long[] intervals = new long[timesMs.length - 1];
        for (int i = 0; i < intervals.length; i++) {
            intervals[i] = timesMs[i + 1] - timesMs[i];
        }
        Steps.of(intervals).write(timesMs[0], out);
        return out;
    }

    private static ByteWriter valuesOf(Member member, List<Member> candidates) {
        Member base = null;
        Steps best = Steps.of(member.steps);
        long leastBits = best.bits;
        for (Member candidate : candidates) {
            if (member.canBuildOn(candidate)) {
                Steps differences = Steps.of(differences(member.steps, candidate.steps));
                long bits = differences.bits + 2 * Byte.SIZE;
                if (bits < leastBits) {
                    leastBits = bits;
                    base = candidate;
                    best = differences;
                }
            }
        }
        ByteWriter out = new ByteWriter(64);
        boolean hasOdd = hasOdd(member);
        out.writeByte(member.scale | (base == null ? 0 : ColdChunk.BUILDS_ON) | (hasOdd ? ColdChunk.HAS_ODD : 0));
        if (hasOdd) {
            writeOdd(member, out);
        }
        long first = member.numbers[0];
        if (base != null) {
            out.writeUnsigned(base.place);
            member.chain = base.chain + 1;
            first -= base.numbers[0];
        }
        best.write(first, out);
        return out;
    }

    /**
     * What successive numbers differ by.
     *
     * @param middle what all of them are told from: zero or their mean, whichever takes fewer bits
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Steps(long[] numbers, long middle, long bits) {
        static Steps of(long[] numbers) {
            long mean = mean(numbers);
            long bits = Residuals.bits(numbers, 0);
            long bitsFromMean = mean == 0 ? bits : Residuals.bits(numbers, mean);
            return bitsFromMean < bits ? new Steps(numbers, mean, bitsFromMean) : new Steps(numbers, 0, bits);
        }

        void write(long first, ByteWriter out) {
            out.writeSigned(first);
            if (numbers.length > 0) {
                Residuals.write(numbers, middle, out);
            }
        }
    }

    /** The mean of the steps, or something else if their sum is beyond a long. */
    private static long mean(long[] steps) {
        long sum = 0;
        for (long step : steps) {
            sum += step;
        }
        return steps.length == 0 ? 0 : Math.floorDiv(sum, steps.length);
    }

    private static long[] differences(long[] a, long[] b) {
        long[] differences = new long[a.length];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = a[i] - b[i];
        }
        return differences;
    }

    private static long[] numbersOf(ColdSeries series, int scale) {
        long[] numbers = new long[series.count()];
        long before = 0;
        for (int i = 0; i < numbers.length; i++) {
            double value = series.values()[i];
            if (ValueScale.fits(value, scale)) {
                before = ValueScale.toNumber(value, scale);
            }
            numbers[i] = before;
        }
        return numbers;
    }

    private static boolean hasOdd(Member member) {
        for (int i = 0; i < member.numbers.length; i++) {
            if (!ValueScale.fits(member.samples.values()[i], member.scale)) {
                return true;
            }
        }
        return false;
    }

    private static void writeOdd(Member member, ByteWriter out) {
        ByteWriter odd = new ByteWriter(16);
        int count = 0;
        int place = -1;
        for (int i = 0; i < member.numbers.length; i++) {
            double value = member.samples.values()[i];
            if (!ValueScale.fits(value, member.scale)) {
                boolean isStale = StaleMarker.isStale(value);
                odd.writeUnsigned(2L * (i - place - 1) + (isStale ? 0 : 1));
                if (!isStale) {
                    odd.writeDouble(value);
                }
                place = i;
                count++;
            }
        }
        out.writeUnsigned(count);
        out.writeBytes(odd);
    }
}
