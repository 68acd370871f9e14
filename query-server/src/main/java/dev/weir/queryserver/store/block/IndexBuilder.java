package dev.weir.queryserver.store.block;

import dev.weir.queryserver.encoding.ByteWriter;
import dev.weir.series.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The index of one project's series in a block, from series that come in the order of their labels.
 *
 * <p>Label values stand once, sorted within their name, front-coded in groups of {@value #GROUP}, each with its postings.
 * Series are rows of numbers of label pairs, each told by what differs from the row before, in groups of {@value #GROUP}, so
 * that any row is found by reading at most that many.
 */
final class IndexBuilder {
    static final int GROUP = 16;

    private final String project;
    private final Map<String, Map<String, Integer>> pairNumbers = new HashMap<>();
    private int pairCount;
    private int seriesCount;
    private IntList pairs = new IntList();
    private final IntList pairEnds = new IntList();
    private final IntList chunkEnds = new IntList();
    private final IntList chunkLengths = new IntList();
    private final IntList chunkCrcs = new IntList();
    private final LongList chunkTimesMs = new LongList();
    private final long dataStart;

    /** @param dataStart where the project's first chunk begins, from the start of the data */
    IndexBuilder(String project, long dataStart) {
        this.project = project;
        this.dataStart = dataStart;
    }

    /** One label with the number it was given first, and then its place in the order. */
    private record Pair(String value, int firstNumber) {}

    private record Name(String name, int firstPair, List<Pair> pairs) {}

    /** Begins the next series; its chunks follow. */
    void series(Labels labels) {
        endSeries();
        seriesCount++;
        for (int i = 0; i < labels.size(); i++) {
            Map<String, Integer> ofName = pairNumbers.get(labels.name(i));
            if (ofName == null) {
                ofName = new HashMap<>();
                pairNumbers.put(labels.name(i), ofName);
            }
            Integer number = ofName.get(labels.value(i));
            if (number == null) {
                number = pairCount++;
                ofName.put(labels.value(i), number);
            }
            pairs.add(number);
        }
        pairEnds.add(pairs.size());
    }

    void chunk(StoredChunk chunk, int crc) {
        chunkTimesMs.add(chunk.minTimestampMs());
        chunkTimesMs.add(chunk.maxTimestampMs());
        chunkLengths.add(chunk.bytes().length);
        chunkCrcs.add(crc);
    }

    /** Writes the index, and what a reader has to know of it into {@code directory}. */
    void finish(long minTimestampMs, long timeUnitMs, ByteWriter index, ByteWriter directory) {
        endSeries();
        List<Name> names = sortedNames();
        int[] places = new int[pairCount];
        names.forEach(name -> {
            int place = name.firstPair;
            for (Pair pair : name.pairs) {
                places[pair.firstNumber] = place++;
            }
        });
        pairs = pairs.map(places);
        directory.writeString(project);
        directory.writeUnsigned(seriesCount);
        directory.writeUnsigned(writeSeries(minTimestampMs, timeUnitMs, index));
        directory.writeUnsigned(names.size());
        writeNames(names, index, directory);
    }

    private void endSeries() {
        if (seriesCount > chunkEnds.size()) {
            chunkEnds.add(chunkLengths.size());
        }
    }

    private List<Name> sortedNames() {
        List<Name> names = new ArrayList<>();
        int first = 0;
        for (String name :
                pairNumbers.keySet().stream().sorted(Labels.BYTE_ORDER).toList()) {
            Map<String, Integer> values = pairNumbers.getOrDefault(name, Map.of());
            List<Pair> sorted = new ArrayList<>(values.size());
            values.forEach((value, number) -> sorted.add(new Pair(value, number)));
            sorted.sort((a, b) -> Labels.BYTE_ORDER.compare(a.value, b.value));
            names.add(new Name(name, first, sorted));
            first += sorted.size();
        }
        return names;
    }

    /** Returns where the table of the groups' places is. */
    private int writeSeries(long minTimestampMs, long timeUnitMs, ByteWriter index) {
        IntList groups = new IntList();
        long data = dataStart;
        int chunk = 0;
        int pairFrom = 0;
        int beforeFrom = 0;
        int beforeSize = 0;
        for (int i = 0; i < seriesCount; i++) {
            if (i % GROUP == 0) {
                groups.add(index.size());
                index.writeUnsigned(data);
                beforeSize = 0;
            }
            int size = pairEnds.get(i) - pairFrom;
            writePairs(pairFrom, size, beforeFrom, beforeSize, index);
            beforeFrom = pairFrom;
            beforeSize = size;
            pairFrom += size;
            index.writeUnsigned(chunkEnds.get(i) - chunk);
            for (; chunk < chunkEnds.get(i); chunk++) {
                index.writeByte((int) ((chunkTimesMs.get(2 * chunk) - minTimestampMs) / timeUnitMs));
                index.writeByte(
                        (int) ((chunkTimesMs.get(2 * chunk + 1) - minTimestampMs + timeUnitMs - 1) / timeUnitMs));
                index.writeUnsigned(chunkLengths.get(chunk));
                index.writeFixed32(chunkCrcs.get(chunk));
                data += chunkLengths.get(chunk);
            }
        }
        int table = index.size();
        for (int i = 0; i < groups.size(); i++) {
            index.writeFixed32(groups.get(i));
        }
        return table;
    }

    private void writePairs(int from, int size, int beforeFrom, int beforeSize, ByteWriter index) {
        long differing = 0;
        for (int i = 0; i < Math.min(size, Long.SIZE - 2); i++) {
            if (i >= beforeSize || pairs.get(from + i) != pairs.get(beforeFrom + i)) {
                differing |= 1L << i;
            }
        }
        index.writeUnsigned(differing << 1 | (size == beforeSize ? 0 : 1));
        if (size != beforeSize) {
            index.writeUnsigned(size);
        }
        for (int i = 0; i < size; i++) {
            if (i >= Long.SIZE - 2 || (differing & 1L << i) != 0) {
                int before = i < beforeSize ? pairs.get(beforeFrom + i) : 0;
                index.writeSigned((long) pairs.get(from + i) - before);
            }
        }
    }

    private void writeNames(List<Name> names, ByteWriter index, ByteWriter directory) {
        int[] starts = new int[pairCount + 1];
        int[] ordinals = ordinalsByPair(starts);
        for (Name name : names) {
            directory.writeString(name.name);
            directory.writeUnsigned(name.firstPair);
            directory.writeUnsigned(name.pairs.size());
            IntList groups = new IntList();
            for (int from = 0; from < name.pairs.size(); from += GROUP) {
                int to = Math.min(from + GROUP, name.pairs.size());
                groups.add(writeGroup(name, from, to, starts, ordinals, index));
            }
            directory.writeUnsigned(index.size());
            for (int i = 0; i < groups.size(); i++) {
                index.writeFixed32(groups.get(i));
            }
        }
    }

    /** Writes the postings of a group of values, then the values. Returns where the values begin. */
    private static int writeGroup(Name name, int from, int to, int[] starts, int[] ordinals, ByteWriter index) {
        int postingsAt = index.size();
        int[] postingBytes = new int[to - from];
        for (int i = from; i < to; i++) {
            int before = index.size();
            int pair = name.firstPair + i;
            RunPostings.write(ordinals, starts[pair], starts[pair + 1], index);
            postingBytes[i - from] = index.size() - before;
        }
        int valuesAt = index.size();
        index.writeUnsigned(postingsAt);
        byte[] before = {};
        for (int i = from; i < to; i++) {
            byte[] utf8 = name.pairs.get(i).value.getBytes(StandardCharsets.UTF_8);
            int shared = Math.max(0, Arrays.mismatch(before, utf8));
            index.writeUnsigned(shared);
            index.writeUnsigned(utf8.length - shared);
            for (int k = shared; k < utf8.length; k++) {
                index.writeByte(utf8[k]);
            }
            index.writeUnsigned(postingBytes[i - from]);
            before = utf8;
        }
        return valuesAt;
    }

    /** All series of pair 0, then those of pair 1 ...; fills {@code starts} with where each begins. */
    private int[] ordinalsByPair(int[] starts) {
        for (int i = 0; i < pairs.size(); i++) {
            starts[pairs.get(i) + 1]++;
        }
        for (int i = 1; i < starts.length; i++) {
            starts[i] += starts[i - 1];
        }
        int[] next = starts.clone();
        int[] ordinals = new int[pairs.size()];
        int at = 0;
        for (int series = 0; series < seriesCount; series++) {
            for (; at < pairEnds.get(series); at++) {
                ordinals[next[pairs.get(at)]++] = series;
            }
        }
        return ordinals;
    }

    private static final class IntList {
        private int[] values = new int[64];
        private int size;

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size + (size >> 1));
            }
            values[size++] = value;
        }

        int get(int index) {
            return values[index];
        }

        int size() {
            return size;
        }

        IntList map(int[] by) {
            for (int i = 0; i < size; i++) {
                values[i] = by[values[i]];
            }
            return this;
        }
    }

    private static final class LongList {
        private long[] values = new long[64];
        private int size;

        void add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size + (size >> 1));
            }
            values[size++] = value;
        }

        long get(int index) {
            return values[index];
        }
    }
}
