package dev.weir.aggregation.member;

import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.aggregation.report.SeriesKind;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import org.jspecify.annotations.Nullable;

/** The columns of a point: a counter's one; else all buckets, the count, and the sum if there is one. */
final class PointColumns {
    private final SeriesKind kind;
    private final Labels labels;

    /** Made when needed, remade when the layout changed. */
    private byte @Nullable [][] encoded;

    PointColumns(SeriesKind kind, Labels labels) {
        this.kind = kind;
        this.labels = labels;
    }

    /** The labels of another part of the same histogram. */
    static Labels suffixed(Labels labels, String suffix) {
        return labels.toBuilder()
                .set(Labels.METRIC_NAME, labels.metricName() + suffix)
                .build();
    }

    private int buckets(@Nullable BucketLayout layout) {
        return kind == SeriesKind.HISTOGRAM && layout != null ? layout.size() : 0;
    }

    private int count(CumulativeSeries series) {
        BucketLayout layout = series.layout();
        return layout == null ? 1 : buckets(layout) + 1 + (series.hasSum() ? 1 : 0);
    }

    /** The present value of every column. */
    double[] values(CumulativeSeries series) {
        double[] values = new double[count(series)];
        BucketLayout layout = series.layout();
        if (layout == null) {
            values[0] = series.total(0);
            return values;
        }
        double count = 0;
        int column = 0;
        for (int i = 0; i < layout.size(); i++) {
            count += series.total(i);
            if (kind == SeriesKind.HISTOGRAM) {
                values[column++] = count;
            }
        }
        values[column++] = count;
        if (series.hasSum()) {
            values[column] = series.sum();
        }
        return values;
    }

    /** The encoded labels of every column. */
    byte[][] labels(CumulativeSeries series) {
        int count = count(series);
        byte[][] known = encoded;
        if (known != null && known.length == count) {
            return known;
        }
        BucketLayout layout = series.layout();
        byte[][] made = new byte[count][];
        if (layout == null) {
            made[0] = WriteRequestEncoder.labels(labels.toMap());
        } else {
            int buckets = buckets(layout);
            for (int i = 0; i < buckets; i++) {
                made[i] = encode("_bucket", layout.le(i));
            }
            made[buckets] = encode("_count", "");
            if (series.hasSum()) {
                made[buckets + 1] = encode("_sum", "");
            }
        }
        encoded = made;
        return made;
    }

    private byte[] encode(String suffix, String le) {
        Labels suffixed = suffixed(labels, suffix);
        Labels complete =
                le.isEmpty() ? suffixed : suffixed.toBuilder().set("le", le).build();
        return WriteRequestEncoder.labels(complete.toMap());
    }
}
