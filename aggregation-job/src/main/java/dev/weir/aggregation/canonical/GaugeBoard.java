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

/**
 * The newest values of canonical gauges on each replica's page, and what they come to together. A replica without a value
 * has no part in it.
 */
public final class GaugeBoard {
    private final Map<String, Replica> replicas = new TreeMap<>();

    /** A replica's page that counts, those of windows that are not closed yet, and until when it counts. */
    private static final class Replica {
        Page page = new Page();
        final TreeMap<Long, Page> waiting = new TreeMap<>();
        long untilMs = Long.MIN_VALUE;
    }

    /** The values of one page. */
    public static final class Page {
        private final Map<Labels, Values> values = new LinkedHashMap<>();

        /** Adds one of possibly several values of the series; NaN is none. */
        public void add(Labels series, GaugeAggregation aggregation, double value) {
            if (!Double.isNaN(value)) {
                values.computeIfAbsent(series, key -> new Values(aggregation)).add(value, 1, value);
            }
        }

        boolean isEmpty() {
            return values.isEmpty();
        }

        void number(Map<Column, Integer> columns) {
            values.forEach((series, of) -> columns.putIfAbsent(new Column(series, of.aggregation), columns.size()));
        }

        void write(DataOutput out, Map<Column, Integer> columns) throws IOException {
            out.writeInt(values.size());
            for (Map.Entry<Labels, Values> entry : values.entrySet()) {
                Values of = entry.getValue();
                out.writeInt(columns.getOrDefault(new Column(entry.getKey(), of.aggregation), -1));
                out.writeDouble(of.sum);
                out.writeDouble(of.count);
                out.writeDouble(of.max);
            }
        }

        static Page read(DataInput in, List<Column> columns) throws IOException {
            Page page = new Page();
            for (int i = in.readInt(); i > 0; i--) {
                int place = in.readInt();
                if (place < 0 || place >= columns.size()) {
                    throw new IOException("gauge: " + place + " (expected: one of " + columns.size() + ")");
                }
                Values values = new Values(columns.get(place).aggregation());
                values.add(in.readDouble(), in.readDouble(), in.readDouble());
                page.values.put(columns.get(place).series(), values);
            }
            return page;
        }
    }

    /** What the replicas of a group have values of; it stands once in stored state, since it is many times their size. */
    private record Column(Labels series, GaugeAggregation aggregation) {
        void write(DataOutput out) throws IOException {
            StateIo.writeLabels(out, series);
            StateIo.writeString(out, aggregation.word());
        }

        static Column read(DataInput in) throws IOException {
            Labels series = StateIo.readLabels(in);
            String word = StateIo.readString(in);
            GaugeAggregation aggregation = GaugeAggregation.words().get(word);
            if (aggregation == null) {
                throw new IOException("gauge aggregation: " + word + " (expected: a known one)");
            }
            return new Column(series, aggregation);
        }
    }

    private static final class Values {
        final GaugeAggregation aggregation;
        double sum;
        double count;
        double max = Double.NEGATIVE_INFINITY;

        Values(GaugeAggregation aggregation) {
            this.aggregation = aggregation;
        }

        void add(double otherSum, double otherCount, double otherMax) {
            sum += otherSum;
            count += otherCount;
            max = Math.max(max, otherMax);
        }

        void addPage(Values page) {
            add(page.sum, page.count, aggregation == GaugeAggregation.MAX_OF_PAGES ? page.sum : page.max);
        }

        double result() {
            return switch (aggregation) {
                case SUM -> sum;
                case MEAN -> sum / count;
                case MAX, MAX_OF_PAGES -> max;
            };
        }
    }

    public boolean isEmpty() {
        return replicas.isEmpty();
    }

    /** The replica's values are these from the end of that window on. */
    public void take(String replica, Page page, long windowEndMs) {
        replicas.computeIfAbsent(replica, key -> new Replica()).waiting.put(windowEndMs, page);
    }

    /** Without another page its values count no longer than until then. */
    public void expect(String replica, long untilMs) {
        Replica known = replicas.get(replica);
        if (known != null) {
            known.untilMs = Math.max(known.untilMs, untilMs);
        }
    }

    /** The replica has no values any more, but for those that are waiting. */
    public void leave(String replica) {
        Replica known = replicas.get(replica);
        if (known != null && known.waiting.isEmpty()) {
            replicas.remove(replica);
        }
    }

    /** Closes the window; the value of each series that at least one replica has a value of. */
    public Map<Labels, Double> closeWindow(long windowEndMs, long windowMs) {
        Map<Labels, Values> all = new LinkedHashMap<>();
        replicas.values().removeIf(replica -> {
            Page due = replica.waiting.remove(windowEndMs);
            replica.page = due == null ? replica.page : due;
            boolean silent = due == null
                    && replica.waiting.isEmpty()
                    && (replica.page.isEmpty() || windowEndMs - windowMs > replica.untilMs);
            if (!silent) {
                replica.page.values.forEach(
                        (series, values) -> all.computeIfAbsent(series, key -> new Values(values.aggregation))
                                .addPage(values));
            }
            return silent;
        });
        Map<Labels, Double> results = new LinkedHashMap<>();
        all.forEach((series, values) -> results.put(series, values.result()));
        return results;
    }

    public void write(DataOutput out) throws IOException {
        Map<Column, Integer> columns = new LinkedHashMap<>();
        for (Replica replica : replicas.values()) {
            replica.page.number(columns);
            replica.waiting.values().forEach(page -> page.number(columns));
        }
        out.writeInt(columns.size());
        for (Column column : columns.keySet()) {
            column.write(out);
        }
        out.writeInt(replicas.size());
        for (Map.Entry<String, Replica> entry : replicas.entrySet()) {
            Replica replica = entry.getValue();
            StateIo.writeString(out, entry.getKey());
            out.writeLong(replica.untilMs);
            replica.page.write(out, columns);
            out.writeInt(replica.waiting.size());
            for (Map.Entry<Long, Page> waiting : replica.waiting.entrySet()) {
                out.writeLong(waiting.getKey());
                waiting.getValue().write(out, columns);
            }
        }
    }

    public static GaugeBoard read(DataInput in) throws IOException {
        List<Column> columns = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            columns.add(Column.read(in));
        }
        GaugeBoard board = new GaugeBoard();
        for (int i = in.readInt(); i > 0; i--) {
            Replica replica = new Replica();
            board.replicas.put(StateIo.readString(in), replica);
            replica.untilMs = in.readLong();
            replica.page = Page.read(in, columns);
            for (int k = in.readInt(); k > 0; k--) {
                replica.waiting.put(in.readLong(), Page.read(in, columns));
            }
        }
        return board;
    }
}
