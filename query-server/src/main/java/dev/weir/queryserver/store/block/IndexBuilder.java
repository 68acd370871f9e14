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
 * The index of one project's series in a block, from series that come in {@link GroupOrder}.
 *
 * <p>Label values stand once, sorted within their name, front-coded in groups of {@value #GROUP}, each with its postings.
 * Series are rows of numbers of label pairs, each told by what differs from the row before, in groups of {@value #GROUP}, so
 * that any row is found by reading at most that many. Groups of series have a table of their own: which is their first
 * series, and where {@link GroupEntry} finds what there is to say of their chunks.
 */
final class IndexBuilder {
    static final int GROUP = 16;

    private static final byte[] NO_BYTES = {};

    private final String project;
    private final Map<String, Map<String, Integer>> pairNumbers = new HashMap<>();
    private int pairCount;
    private int seriesCount;
    private IntList pairs = new IntList();
    private final IntList pairEnds = new IntList();
    private final IntList groupStarts = new IntList();
    private final List<Long> groupData = new ArrayList<>();
    private final List<List<GroupChunk>> groupChunks = new ArrayList<>();
    private final IntList crcs = new IntList();

    IndexBuilder(String project) {
        this.project = project;
    }

    /** One label with the number it was given first, and then its place in the order. */
    private record Pair(String value, int firstNumber) {}

    private record Name(String name, int firstPair, List<Pair> pairs) {}

    /**
     * Takes the next group.
     *
     * @param dataAt where its chunks begin, from the start of the data
     * @param chunks what of them is told in the index; their bytes are not kept
     */
    void group(List<Labels> members, long dataAt, List<GroupChunk> chunks) {
        groupStarts.add(seriesCount);
        groupData.add(dataAt);
        List<GroupChunk> told = new ArrayList<>(chunks.size());
        for (GroupChunk chunk : chunks) {
            crcs.add(PageGuard.crc(chunk.bytes()));
            told.add(new GroupChunk(
                    NO_BYTES,
                    chunk.isHistograms(),
                    chunk.members(),
                    chunk.bytes().length,
                    chunk.minTimestampMs(),
                    chunk.maxTimestampMs()));
        }
        groupChunks.add(told);
        members.forEach(this::series);
    }

    private void series(Labels labels) {
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

    /** Writes the index, and what a reader has to know of it into {@code directory}. */
    void finish(long minTimestampMs, long timeUnitMs, ByteWriter index, ByteWriter directory) {
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
        directory.writeUnsigned(writeSeries(index));
        directory.writeUnsigned(groupStarts.size());
        directory.writeUnsigned(writeGroups(minTimestampMs, timeUnitMs, index));
        directory.writeUnsigned(names.size());
        writeNames(names, index, directory);
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

    /** Returns where the table of the rows' places is. */
    private int writeSeries(ByteWriter index) {
        IntList rows = new IntList();
        int from = 0;
        int beforeFrom = 0;
        int beforeSize = 0;
        for (int i = 0; i < seriesCount; i++) {
            if (i % GROUP == 0) {
                rows.add(index.size());
                beforeSize = 0;
            }
            int size = pairEnds.get(i) - from;
            writePairs(from, size, beforeFrom, beforeSize, index);
            beforeFrom = from;
            beforeSize = size;
            from += size;
        }
        int table = index.size();
        for (int i = 0; i < rows.size(); i++) {
            index.writeFixed32(rows.get(i));
        }
        return table;
    }

    /** Returns where the table of groups is: first series and place of each, ascending. */
    private int writeGroups(long minTimestampMs, long timeUnitMs, ByteWriter index) {
        IntList places = new IntList();
        int crc = 0;
        for (int group = 0; group < groupStarts.size(); group++) {
            int end = group + 1 < groupStarts.size() ? groupStarts.get(group + 1) : seriesCount;
            int members = end - groupStarts.get(group);
            places.add(index.size());
            index.writeUnsigned(groupChunks.get(group).size());
            index.writeUnsigned(groupData.get(group));
            for (GroupChunk chunk : groupChunks.get(group)) {
                boolean hasAll = chunk.members().cardinality() == members;
                index.writeByte((chunk.isHistograms() ? GroupEntry.HISTOGRAMS : 0) | (hasAll ? 0 : GroupEntry.SOME));
                if (!hasAll) {
                    index.writeBytes(
                            Arrays.copyOf(chunk.members().toByteArray(), (members + 7) / 8), (members + 7) / 8);
                }
                index.writeByte((int) ((chunk.minTimestampMs() - minTimestampMs) / timeUnitMs));
                index.writeByte((int) ((chunk.maxTimestampMs() - minTimestampMs + timeUnitMs - 1) / timeUnitMs));
                index.writeUnsigned(chunk.samples());
                index.writeFixed32(crcs.get(crc++));
            }
        }
        int table = index.size();
        for (int group = 0; group < groupStarts.size(); group++) {
            index.writeFixed32(groupStarts.get(group));
            index.writeFixed32(places.get(group));
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
}
