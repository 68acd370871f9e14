package dev.weir.series;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
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

    public static final Labels EMPTY = new Labels(new String[0], new String[0]);

    /** UTF-8 byte order, in which Prometheus sorts; Java's own order differs beyond the basic plane. */
    public static final Comparator<String> BYTE_ORDER = Labels::compareUtf8;

    /** Often shared with other labels. */
    private final String[] names;

    private final String[] values;
    private final int hash;

    private Labels(String[] sortedNames, String[] values) {
        this.names = sortedNames;
        this.values = values;
        int sum = 1;
        for (int i = 0; i < sortedNames.length; i++) {
            sum = 31 * (31 * sum + sortedNames[i].hashCode()) + values[i].hashCode();
        }
        this.hash = sum;
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

    /** Labels of alternating names and values; quick if they are in order already. */
    public static Labels ofSorted(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            return of(namesAndValues);
        }
        String[] names = new String[namesAndValues.length / 2];
        String[] values = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = namesAndValues[2 * i];
            values[i] = namesAndValues[2 * i + 1];
        }
        return ofSorted(names, values);
    }

    /**
     * Labels of as many names as values; takes the arrays themselves if the names are in order already, which is quick. So labels
     * of the same names can share them.
     */
    public static Labels ofSorted(String[] names, String[] values) {
        boolean isSorted = names.length > 0;
        for (int i = 0; isSorted && i < names.length; i++) {
            isSorted = !values[i].isEmpty() && (i == 0 || compareUtf8(names[i - 1], names[i]) < 0);
        }
        if (isSorted) {
            return new Labels(names, values);
        }
        Builder builder = new Builder();
        for (int i = 0; i < names.length; i++) {
            builder.set(names[i], values[i]);
        }
        return builder.build();
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
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return values[i];
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
        return names.length;
    }

    public boolean isEmpty() {
        return names.length == 0;
    }

    public String name(int index) {
        return names[index];
    }

    public String value(int index) {
        return values[index];
    }

    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < names.length; i++) {
            action.accept(names[i], values[i]);
        }
    }

    /** These labels and one more, in place of the one of that name if there is one; an empty value removes it. */
    public Labels with(String name, String value) {
        int at = 0;
        while (at < names.length && BYTE_ORDER.compare(names[at], name) < 0) {
            at++;
        }
        boolean present = at < names.length && names[at].equals(name);
        if (present || value.isEmpty()) {
            return toBuilder().set(name, value).build();
        }
        return new Labels(inserted(names, at, name), inserted(values, at, value));
    }

    private static String[] inserted(String[] texts, int at, String text) {
        String[] more = Arrays.copyOf(texts, texts.length + 1);
        System.arraycopy(texts, at, more, at + 1, texts.length - at);
        more[at] = text;
        return more;
    }

    /** These labels less those whose name is in {@code dropped}. */
    public Labels without(Collection<String> dropped) {
        return filter(name -> !dropped.contains(name));
    }

    /** Only those labels whose name is in {@code kept}. */
    public Labels only(Collection<String> kept) {
        return filter(kept::contains);
    }

    public Labels filter(Predicate<String> keepsName) {
        String[] keptNames = new String[names.length];
        String[] keptValues = new String[names.length];
        int size = 0;
        for (int i = 0; i < names.length; i++) {
            if (keepsName.test(names[i])) {
                keptNames[size] = names[i];
                keptValues[size++] = values[i];
            }
        }
        if (size == names.length) {
            return this;
        }
        return size == 0 ? EMPTY : new Labels(Arrays.copyOf(keptNames, size), Arrays.copyOf(keptValues, size));
    }

    public Map<String, String> toMap() {
        Map<String, String> map = new TreeMap<>(BYTE_ORDER);
        forEach(map::put);
        return map;
    }

    /** Order of Prometheus' sorted results: pair by pair, name before value, in byte order; a prefix comes first. */
    @Override
    public int compareTo(Labels other) {
        int common = Math.min(names.length, other.names.length);
        for (int i = 0; i < common; i++) {
            int order = compareUtf8(names[i], other.names[i]);
            order = order == 0 ? compareUtf8(values[i], other.values[i]) : order;
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(names.length, other.names.length);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof Labels other
                && hash == other.hash
                && Arrays.equals(values, other.values)
                && Arrays.equals(names, other.names);
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
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(METRIC_NAME)) {
                continue;
            }
            text.append(first ? "" : ", ").append(names[i]).append("=\"");
            text.append(values[i].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
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
            return new Labels(
                    labels.keySet().toArray(new String[0]), labels.values().toArray(new String[0]));
        }
    }
}
