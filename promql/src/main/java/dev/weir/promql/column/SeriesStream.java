package dev.weir.promql.column;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Series one after another. Each is the caller's own and has at least one value. */
public interface SeriesStream {
    SeriesStream EMPTY = () -> null;

    /** The next series, null if there is none left. */
    @Nullable
    StepSeries next();

    static SeriesStream of(Iterable<StepSeries> series) {
        Iterator<StepSeries> iterator = series.iterator();
        return () -> iterator.hasNext() ? iterator.next() : null;
    }

    /** Series that are held in memory, each until it is given. */
    static SeriesStream handingOver(Collection<StepSeries> held, QueryContext context) {
        Iterator<StepSeries> iterator = held.iterator();
        return () -> {
            if (!iterator.hasNext()) {
                return null;
            }
            StepSeries series = iterator.next();
            context.release(series);
            return series;
        };
    }

    /** All series that are left, counted as held in memory. */
    default List<StepSeries> collect(QueryContext context) {
        List<StepSeries> all = new ArrayList<>();
        for (StepSeries series = next(); series != null; series = next()) {
            context.hold(series);
            all.add(series);
        }
        return all;
    }
}
