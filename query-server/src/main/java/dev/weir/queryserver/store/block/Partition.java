package dev.weir.queryserver.store.block;

import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One project's part of a block's index, searched where it lies: what {@link IndexBuilder} wrote. A query of one project
 * reads no other's part. Thread-safe.
 */
final class Partition {
    private final ByteBuffer index;
    private final String project;
    private final int seriesCount;
    private final int rowsAt;
    private final int groupCount;
    private final int groupsAt;
    private final TreeMap<String, Name> names = new TreeMap<>(Labels.BYTE_ORDER);
    private final int[] firstPairs;
    private final Name[] byFirstPair;

    /** The values of a label: which pairs they are, and where the table of their groups is. */
    private record Name(String name, int firstPair, int pairCount, int groupsAt) {}

    /** Takes each value of a label, and where its postings are. */
    private interface ValueVisitor {
        void value(byte[] utf8, int length, int postingsAt, int postingsBytes);
    }

    /** Takes a series: its place in the project and its labels' pairs. */
    private interface RowVisitor {
        void row(int ordinal, int[] pairs, int pairCount);
    }

    /** Reads the partition's entry of the directory. */
    Partition(ByteBuffer index, Cursor directory) {
        this.index = index;
        this.project = directory.readString();
        this.seriesCount = directory.readInt();
        this.rowsAt = directory.readInt();
        this.groupCount = directory.readInt();
        this.groupsAt = directory.readInt();
        int nameCount = directory.readInt();
        this.firstPairs = new int[nameCount];
        this.byFirstPair = new Name[nameCount];
        for (int i = 0; i < nameCount; i++) {
            Name name = new Name(directory.readString(), directory.readInt(), directory.readInt(), directory.readInt());
            names.put(name.name, name);
            firstPairs[i] = name.firstPair;
            byFirstPair[i] = name;
        }
    }

    String project() {
        return project;
    }

    int seriesCount() {
        return seriesCount;
    }

    /** The series that satisfy every matcher. */
    BitSet select(List<LabelMatcher> matchers) {
        BitSet found = null;
        for (LabelMatcher matcher : matchers) {
            if (!matcher.matchesEmpty()) {
                BitSet having = union(matcher, true);
                if (found == null) {
                    found = having;
                } else {
                    found.and(having);
                }
                if (found.isEmpty()) {
                    return found;
                }
            }
        }
        if (found == null) {
            found = new BitSet(seriesCount);
            found.set(0, seriesCount);
        }
        for (LabelMatcher matcher : matchers) {
            if (matcher.matchesEmpty()) {
                found.andNot(union(matcher, false));
            }
        }
        return found;
    }

    /** Adds these series, in their order. */
    void addTo(List<BlockSeries> found, Block block, BitSet ordinals, Map<Integer, String> texts) {
        int[] group = {-1, 0, 0};
        rows(ordinals, (ordinal, pairs, pairCount) -> {
            if (ordinal >= group[2]) {
                group[0] = groupOf(ordinal, group[0] + 1);
                group[1] = firstOf(group[0]);
                group[2] = group[0] + 1 < groupCount ? firstOf(group[0] + 1) : seriesCount;
            }
            found.add(new BlockSeries(
                    block,
                    labels(pairs, pairCount, texts),
                    index.getInt(groupsAt + 8 * group[0] + Integer.BYTES),
                    ordinal - group[1],
                    group[2] - group[1]));
        });
    }

    /** The group that a series is in. */
    private int groupOf(int ordinal, int from) {
        int low = from;
        int high = groupCount - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (firstOf(middle) <= ordinal) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private int firstOf(int group) {
        return index.getInt(groupsAt + 8 * group);
    }

    private void rows(BitSet ordinals, RowVisitor visitor) {
        RowReader rows = new RowReader();
        for (int wanted = ordinals.nextSetBit(0); wanted >= 0; wanted = ordinals.nextSetBit(wanted + 1)) {
            rows.moveTo(wanted);
            visitor.row(wanted, rows.pairs, rows.pairCount);
        }
    }

    /** Reads rows, best in ascending order. */
    private final class RowReader {
        private final Cursor in = new Cursor(index, 0);
        private int[] pairs = new int[16];
        private int pairCount;
        private int next = -1;

        void moveTo(int wanted) {
            int groupStart = wanted / IndexBuilder.GROUP * IndexBuilder.GROUP;
            if (next < groupStart || next > wanted) {
                next = groupStart;
            }
            for (; next <= wanted; next++) {
                if (next % IndexBuilder.GROUP == 0) {
                    in.moveTo(index.getInt(rowsAt + next / IndexBuilder.GROUP * Integer.BYTES));
                    pairCount = 0;
                }
                long head = in.readUnsigned();
                int size = (head & 1) == 0 ? pairCount : in.readInt();
                if (size > pairs.length) {
                    pairs = Arrays.copyOf(pairs, Math.max(size, 2 * pairs.length));
                }
                readPairs(in, head >>> 1, pairs, pairCount, size);
                pairCount = size;
            }
        }
    }

    /** Labels of pairs. */
    private Labels labels(int[] pairs, int pairCount, Map<Integer, String> values) {
        String[] texts = new String[2 * pairCount];
        for (int i = 0; i < pairCount; i++) {
            int pair = pairs[i];
            Name name = nameOf(pair);
            texts[2 * i] = name.name;
            String value = values.get(pair);
            if (value == null) {
                value = valueOf(name, pair);
                values.put(pair, value);
            }
            texts[2 * i + 1] = value;
        }
        return Labels.ofSorted(texts);
    }

    /** The series of exactly these labels; -1 if there is none. */
    int find(Labels labels) {
        int[] wanted = new int[labels.size()];
        for (int i = 0; i < wanted.length; i++) {
            Name name = names.get(labels.name(i));
            int pair = name == null ? -1 : findValue(name, labels.value(i).getBytes(StandardCharsets.UTF_8));
            if (pair < 0) {
                return -1;
            }
            wanted[i] = pair;
        }
        int[] wantedGroup = groupPairs(wanted);
        RowReader rows = new RowReader();
        int low = 0;
        int high = seriesCount - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            rows.moveTo(middle);
            int order = compare(Arrays.copyOf(rows.pairs, rows.pairCount), wanted, wantedGroup);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** In {@link GroupOrder}: numbers of pairs are in the order of names, then values. */
    private int compare(int[] row, int[] wanted, int[] wantedGroup) {
        int order = Arrays.compare(groupPairs(row), wantedGroup);
        return order == 0 ? Arrays.compare(row, wanted) : order;
    }

    private int[] groupPairs(int[] pairs) {
        int[] kept = new int[pairs.length];
        int count = 0;
        for (int pair : pairs) {
            if (!GroupOrder.WITHIN_GROUP.contains(nameOf(pair).name)) {
                kept[count++] = pair;
            }
        }
        return Arrays.copyOf(kept, count);
    }

    private static void readPairs(Cursor in, long differing, int[] pairs, int before, int size) {
        for (int i = 0; i < size; i++) {
            if (i >= Long.SIZE - 2 || (differing & 1L << i) != 0) {
                pairs[i] = (i < before ? pairs[i] : 0) + (int) in.readSigned();
            }
        }
    }

    private BitSet union(LabelMatcher matcher, boolean expected) {
        BitSet set = new BitSet(seriesCount);
        Name name = names.get(matcher.name());
        if (name == null) {
            return set;
        }
        Iterable<String> exact = matcher.literalValues();
        if (exact == null && matcher.type() == LabelMatcher.Type.NOT_EQUAL) {
            exact = List.of(matcher.value());
        }
        boolean areExact = exact != null && (matcher.type() == LabelMatcher.Type.NOT_EQUAL) == !expected;
        Cursor postings = new Cursor(index, 0);
        if (exact != null && areExact) {
            for (String value : exact) {
                int pair = value.isEmpty() ? -1 : findValue(name, value.getBytes(StandardCharsets.UTF_8));
                if (pair >= 0) {
                    int group = (pair - name.firstPair) / IndexBuilder.GROUP;
                    int[] number = {group * IndexBuilder.GROUP + name.firstPair};
                    group(name, group, (utf8, length, at, size) -> {
                        if (number[0]++ == pair) {
                            postings.moveTo(at);
                            RunPostings.addTo(set, postings, size);
                        }
                    });
                }
            }
            return set;
        }
        for (int group = 0; group * IndexBuilder.GROUP < name.pairCount; group++) {
            group(name, group, (utf8, length, at, size) -> {
                if (matcher.matches(new String(utf8, 0, length, StandardCharsets.UTF_8)) == expected) {
                    postings.moveTo(at);
                    RunPostings.addTo(set, postings, size);
                }
            });
        }
        return set;
    }

    private void group(Name name, int group, ValueVisitor visitor) {
        Cursor in = new Cursor(index, index.getInt(name.groupsAt + group * Integer.BYTES));
        int postingsAt = in.readInt();
        byte[] utf8 = new byte[64];
        int values = Math.min(IndexBuilder.GROUP, name.pairCount - group * IndexBuilder.GROUP);
        for (int i = 0; i < values; i++) {
            int shared = in.readInt();
            int more = in.readInt();
            if (shared + more > utf8.length) {
                utf8 = Arrays.copyOf(utf8, Math.max(shared + more, 2 * utf8.length));
            }
            in.readBytes(utf8, shared, more);
            int size = in.readInt();
            visitor.value(utf8, shared + more, postingsAt, size);
            postingsAt += size;
        }
    }

    /** The pair of a value; -1 if there is none. */
    private int findValue(Name name, byte[] wanted) {
        int low = 0;
        int high = (name.pairCount - 1) / IndexBuilder.GROUP;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (compareFirst(name, middle, wanted) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        int[] found = {-1, name.firstPair + low * IndexBuilder.GROUP};
        group(name, low, (utf8, length, at, size) -> {
            if (Arrays.equals(utf8, 0, length, wanted, 0, wanted.length)) {
                found[0] = found[1];
            }
            found[1]++;
        });
        return found[0];
    }

    private int compareFirst(Name name, int group, byte[] wanted) {
        Cursor in = new Cursor(index, index.getInt(name.groupsAt + group * Integer.BYTES));
        in.readInt();
        in.readInt();
        byte[] first = new byte[in.readInt()];
        in.readBytes(first, 0, first.length);
        return Arrays.compareUnsigned(first, wanted);
    }

    private Name nameOf(int pair) {
        int at = Arrays.binarySearch(firstPairs, pair);
        return byFirstPair[at >= 0 ? at : -at - 2];
    }

    private String valueOf(Name name, int pair) {
        int place = pair - name.firstPair;
        int[] number = {place / IndexBuilder.GROUP * IndexBuilder.GROUP};
        @Nullable String[] found = new @Nullable String[1];
        group(name, place / IndexBuilder.GROUP, (utf8, length, at, size) -> {
            if (number[0]++ == place) {
                found[0] = new String(utf8, 0, length, StandardCharsets.UTF_8);
            }
        });
        String value = found[0];
        if (value == null) {
            throw new IllegalStateException("label pair " + pair + " of " + name.name + " (expected: in the index)");
        }
        return value;
    }
}
