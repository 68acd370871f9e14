package dev.weir.promql.engine;

import dev.weir.promql.column.QueryContext;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.series.Labels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The samples of stored series, one series after another in the order of the list. Reads ahead where there are many. */
final class SeriesReader {
    private static final int LEAST_SERIES_AHEAD = 64;
    private static final boolean HAS_OTHER_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;

    private final List<StoredSeries> series;
    private final TimeSpan span;
    private final QueryContext context;
    private final SampleColumns own;
    private int next;
    private SampleColumns samples;
    private Labels labels = Labels.EMPTY;
    private @Nullable ReadAhead ahead;

    /** What is read of each, both ends included. */
    record TimeSpan(long minMs, long maxMs) {}

    SeriesReader(List<StoredSeries> series, TimeSpan span, QueryContext context) {
        this.series = series;
        this.span = span;
        this.context = context;
        this.own = new SampleColumns(context::hold);
        this.samples = own;
    }

    /** Moves to the next series; false if there is none left. */
    boolean next() {
        if (next == series.size()) {
            return false;
        }
        if (next == 1 && HAS_OTHER_PROCESSORS && series.size() >= LEAST_SERIES_AHEAD) {
            ahead = new ReadAhead(series.subList(1, series.size()), span, own.size(), context);
        }
        StoredSeries current = series.get(next++);
        if (ahead == null) {
            own.clear();
            current.read(span.minMs(), span.maxMs(), own);
        } else {
            samples = ahead.next();
        }
        labels = current.labels();
        context.countRead(samples.size());
        return true;
    }

    Labels labels() {
        return labels;
    }

    /** Valid until the next call. */
    SampleColumns samples() {
        return samples;
    }
}
