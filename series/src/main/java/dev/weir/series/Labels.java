package dev.weir.series;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of labels, sorted by name in UTF-8 byte order, names unique, no empty value (an empty label is a
 * missing one).
 */
public final class Labels implements Comparable<Labels>, Serializable {
    private static final long serialVersionUID = 1;

    /** The label that holds a series' metric name. */
    public static final String METRIC_NAME = "__name__";

    public static final Labels EMPTY = new Labels(new String[0]);

    /** UTF-8 byte order, in which Prometheus sorts; Java's own order differs beyond the basic plane. */
    public static final Comparator<String> BYTE_ORDER = Labels::compareUtf8;

    /** name, value, name, value ... */
    private final String[] pairs;

    private final int hash;

    private Labels(String[] sortedPairs) {
        this.pairs = sortedPairs;
        this.hash = Arrays.hashCode(sortedPairs);
    }

    /** Labels of alternating names and values, in any order. */
    public static Labels of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("labels: " + namesAndValues.length + " strings (expected: pairs)");
        }
        Builder builder = new Builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.set(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /** Labels of alternating names and values; takes the array itself if they are in order already, which is quick. */
    public static Labels ofSorted(String... namesAndValues) {
        boolean isSorted = namesAndValues.length > 0 && namesAndValues.length % 2 == 0;
        for (int i = 0; isSorted && i < namesAndValues.length; i += 2) {
            isSorted = !namesAndValues[i + 1].isEmpty()
                    && (i == 0 || compareUtf8(namesAndValues[i - 2], namesAndValues[i]) < 0);
        }
        return isSorted ? new Labels(namesAndValues) : of(namesAndValues);
    }

    public static Labels of(Map<String, String> labels) {
        Builder builder = new Builder();
        labels.forEach(builder::set);
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        Builder builder = new Builder();
        forEach(builder::set);
        return builder;
    }

    /** The label's value, or null if there is none. */
    public @Nullable String get(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(name)) {
                return pairs[i + 1];
            }
        }
        return null;
    }

    /** The label's value, or "" if there is none. */
    public String getOrEmpty(String name) {
        String value = get(name);
        return value == null ? "" : value;
    }

    /** The metric name, or "" if there is none. */
    public String metricName() {
        return getOrEmpty(METRIC_NAME);
    }

    public int size() {
        return pairs.length / 2;
    }

    public boolean isEmpty() {
        return pairs.length == 0;
    }

    public String name(int index) {
        return pairs[2 * index];
    }

    public String value(int index) {
        return pairs[2 * index + 1];
    }

    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < pairs.length; i += 2) {
            action.accept(pairs[i], pairs[i + 1]);
        }
    }

    /** These labels and one more, in place of the one of that name if there is one; an empty value removes it. */
    public Labels with(String name, String value) {
        int at = 0;
        while (at < pairs.length && BYTE_ORDER.compare(pairs[at], name) < 0) {
            at += 2;
        }
        boolean present = at < pairs.length && pairs[at].equals(name);
        if (present || value.isEmpty()) {
            return toBuilder().set(name, value).build();
        }
        String[] more = new String[pairs.length + 2];
        System.arraycopy(pairs, 0, more, 0, at);
        more[at] = name;
        more[at + 1] = value;
        System.arraycopy(pairs, at, more, at + 2, pairs.length - at);
        return new Labels(more);
    }

    /** These labels less those whose name is in {@code names}. */
    public Labels without(Collection<String> names) {
        return filter(names, false);
    }

    /** Only those labels whose name is in {@code names}. */
    public Labels only(Collection<String> names) {
        return filter(names, true);
    }

    /** Those whose name is in {@code names} or not, as {@code keeps} says. */
    private Labels filter(Collection<String> names, boolean keeps) {
        String[] kept = null;
        int size = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (names.contains(pairs[i]) == keeps) {
                if (kept == null) {
                    kept = new String[pairs.length - i];
                }
                kept[size++] = pairs[i];
                kept[size++] = pairs[i + 1];
            }
        }
        if (kept == null) {
            return EMPTY;
        }
        if (size == pairs.length) {
            return this;
        }
        return new Labels(size == kept.length ? kept : Arrays.copyOf(kept, size));
    }

    public Labels filter(Predicate<String> keepsName) {
        List<String> kept = new ArrayList<>(pairs.length);
        for (int i = 0; i < pairs.length; i += 2) {
            if (keepsName.test(pairs[i])) {
                kept.add(pairs[i]);
                kept.add(pairs[i + 1]);
            }
        }
        return kept.size() == pairs.length ? this : new Labels(kept.toArray(new String[0]));
    }

    public Map<String, String> toMap() {
        Map<String, String> map = new TreeMap<>(BYTE_ORDER);
        forEach(map::put);
        return map;
    }

    /** Order of Prometheus' sorted results: pair by pair, name before value, in byte order; a prefix comes first. */
    @Override
    public int compareTo(Labels other) {
        int common = Math.min(pairs.length, other.pairs.length);
        for (int i = 0; i < common; i++) {
            int order = compareUtf8(pairs[i], other.pairs[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(pairs.length, other.pairs.length);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof Labels other && hash == other.hash && Arrays.equals(pairs, other.pairs);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** As PromQL writes a series: {@code name{a="b", c="d"}}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(metricName()).append('{');
        boolean first = true;
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(METRIC_NAME)) {
                continue;
            }
            text.append(first ? "" : ", ").append(pairs[i]).append("=\"");
            text.append(pairs[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
            text.append('"');
            first = false;
        }
        return text.append('}').toString();
    }

    private static int compareUtf8(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                if (Character.isSurrogate(x) || Character.isSurrogate(y)) {
                    return Arrays.compareUnsigned(
                            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
                }
                return Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** Collects labels; the last value set for a name wins, and an empty value removes it. */
    public static final class Builder {
        private final TreeMap<String, String> labels = new TreeMap<>(BYTE_ORDER);

        private Builder() {}

        public Builder set(String name, String value) {
            if (value.isEmpty()) {
                labels.remove(name);
            } else {
                labels.put(name, value);
            }
            return this;
        }

        public Builder setAll(Labels other) {
            other.forEach(this::set);
            return this;
        }

        public Builder remove(String name) {
            labels.remove(name);
            return this;
        }

        public @Nullable String get(String name) {
            return labels.get(name);
        }

        public Labels build() {
            if (labels.isEmpty()) {
                return EMPTY;
            }
            String[] pairs = new String[labels.size() * 2];
            int i = 0;
            for (Map.Entry<String, String> label : labels.entrySet()) {
                pairs[i++] = label.getKey();
                pairs[i++] = label.getValue();
            }
            return new Labels(pairs);
        }
    }
}
