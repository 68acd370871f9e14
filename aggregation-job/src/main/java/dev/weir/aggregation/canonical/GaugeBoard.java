package dev.weir.aggregation.canonical;

import dev.weir.aggregation.state.StateIo;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The newest values of canonical gauges on each replica's page, and what they come to together. A replica without a value
 * has no part in it.
 */
public final class GaugeBoard {
    /** Columns without a value are forgotten when they are more than those with one, and this many. */
    private static final int SPARE_COLUMNS = 64;

    private final Map<String, Replica> replicas = new TreeMap<>();
    /** What the pages have values of; they know it by its place, so that a window sums up arrays. */
    private final List<Column> columns = new ArrayList<>();

    private final Map<Column, Integer> places = new HashMap<>();

    /** A replica's page that counts, those of windows that are not closed yet, and until when it counts. */
    private static final class Replica {
        GaugeRow page = GaugeRow.EMPTY;
        final TreeMap<Long, GaugeRow> waiting = new TreeMap<>();
        long untilMs = Long.MIN_VALUE;
    }

    /** The values of one page. */
    public static final class Page {
        private final Map<Labels, Values> values = new LinkedHashMap<>();

        /** Adds one of possibly several values of the series; NaN is none. */
        public void add(Labels series, GaugeAggregation aggregation, double value) {
            if (!Double.isNaN(value)) {
                values.computeIfAbsent(series, key -> new Values(aggregation)).add(value);
            }
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

        void add(double value) {
            sum += value;
            count++;
            max = Math.max(max, value);
        }
    }

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

    /** What the pages that count come to, each series at its first column, by the aggregation of the first page that has it. */
    private static final class Totals {
        final int[] places;
        final @Nullable GaugeAggregation[] aggregations;
        final double[] sums;
        final double[] counts;
        final double[] maxes;

        Totals(List<Column> columns) {
            int size = columns.size();
            places = new int[size];
            aggregations = new @Nullable GaugeAggregation[size];
            sums = new double[size];
            counts = new double[size];
            maxes = new double[size];
            Arrays.fill(maxes, Double.NEGATIVE_INFINITY);
            Map<Labels, Integer> firsts = new HashMap<>();
            for (int i = 0; i < size; i++) {
                Integer first = firsts.putIfAbsent(columns.get(i).series(), i);
                places[i] = first == null ? i : first;
            }
        }

        void add(GaugeRow page, List<Column> columns) {
            for (int i = 0; i < page.size(); i++) {
                int at = places[page.column(i)];
                GaugeAggregation aggregation = aggregations[at];
                if (aggregation == null) {
                    aggregation = columns.get(page.column(i)).aggregation();
                    aggregations[at] = aggregation;
                }
                sums[at] += page.sum(i);
                counts[at] += page.count(i);
                maxes[at] =
                        Math.max(maxes[at], aggregation == GaugeAggregation.MAX_OF_PAGES ? page.sum(i) : page.max(i));
            }
        }

        double result(int at, GaugeAggregation aggregation) {
            return switch (aggregation) {
                case SUM -> sums[at];
                case MEAN -> sums[at] / counts[at];
                case MAX, MAX_OF_PAGES -> maxes[at];
            };
        }
    }

    public boolean isEmpty() {
        return replicas.isEmpty();
    }

    /** The replica's values are these from the end of that window on. */
    public void take(String replica, Page page, long windowEndMs) {
        replicas.computeIfAbsent(replica, key -> new Replica()).waiting.put(windowEndMs, row(page));
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

    private GaugeRow row(Page page) {
        int size = page.values.size();
        int[] at = new int[size];
        double[] sums = new double[size];
        double[] counts = new double[size];
        double[] maxes = new double[size];
        int i = 0;
        for (Map.Entry<Labels, Values> entry : page.values.entrySet()) {
            Values values = entry.getValue();
            at[i] = place(new Column(entry.getKey(), values.aggregation));
            sums[i] = values.sum;
            counts[i] = values.count;
            maxes[i] = values.max;
            i++;
        }
        return new GaugeRow(at, sums, counts, maxes);
    }

    private int place(Column column) {
        Integer known = places.putIfAbsent(column, columns.size());
        if (known != null) {
            return known;
        }
        columns.add(column);
        return columns.size() - 1;
    }

    /** Closes the window; the value of each series that at least one replica has a value of. */
    public Map<Labels, Double> closeWindow(long windowEndMs, long windowMs) {
        Totals totals = new Totals(columns);
        replicas.values().removeIf(replica -> {
            GaugeRow due = replica.waiting.remove(windowEndMs);
            replica.page = due == null ? replica.page : due;
            boolean silent = due == null
                    && replica.waiting.isEmpty()
                    && (replica.page.isEmpty() || windowEndMs - windowMs > replica.untilMs);
            if (!silent) {
                totals.add(replica.page, columns);
            }
            return silent;
        });
        Map<Labels, Double> results = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            GaugeAggregation aggregation = totals.aggregations[i];
            if (aggregation != null) {
                results.put(columns.get(i).series(), totals.result(i, aggregation));
            }
        }
        if (columns.size() - results.size() > Math.max(results.size(), SPARE_COLUMNS)) {
            forgetUnused();
        }
        return results;
    }

    /** Keeps the columns that a page has a value of, in new places. */
    private void forgetUnused() {
        List<Column> former = List.copyOf(columns);
        columns.clear();
        places.clear();
        int[] moved = new int[former.size()];
        UnaryOperator<GaugeRow> move = row -> {
            for (int i = 0; i < row.size(); i++) {
                moved[row.column(i)] = place(former.get(row.column(i)));
            }
            return row.moved(moved);
        };
        for (Replica replica : replicas.values()) {
            replica.page = move.apply(replica.page);
            replica.waiting.replaceAll((windowEndMs, row) -> move.apply(row));
        }
    }

    public void write(DataOutput out) throws IOException {
        out.writeInt(columns.size());
        for (Column column : columns) {
            column.write(out);
        }
        out.writeInt(replicas.size());
        for (Map.Entry<String, Replica> entry : replicas.entrySet()) {
            Replica replica = entry.getValue();
            StateIo.writeString(out, entry.getKey());
            out.writeLong(replica.untilMs);
            replica.page.write(out);
            out.writeInt(replica.waiting.size());
            for (Map.Entry<Long, GaugeRow> waiting : replica.waiting.entrySet()) {
                out.writeLong(waiting.getKey());
                waiting.getValue().write(out);
            }
        }
    }

    public static GaugeBoard read(DataInput in) throws IOException {
        GaugeBoard board = new GaugeBoard();
        for (int i = in.readInt(); i > 0; i--) {
            board.place(Column.read(in));
        }
        for (int i = in.readInt(); i > 0; i--) {
            Replica replica = new Replica();
            board.replicas.put(StateIo.readString(in), replica);
            replica.untilMs = in.readLong();
            replica.page = GaugeRow.read(in, board.columns.size());
            for (int k = in.readInt(); k > 0; k--) {
                replica.waiting.put(in.readLong(), GaugeRow.read(in, board.columns.size()));
            }
        }
        return board;
    }
}
