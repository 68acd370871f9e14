package dev.weir.aggregation.group;

import dev.weir.aggregation.view.View;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A told series, with the members of its group that it adds to: found once, not with every report. */
final class Output {
    final OutputSeries series;
    /** How many targets told it. */
    int tellers;

    private @Nullable List<Place> places;

    /** A member that the series adds to: its own, or a view's. */
    static final class Place {
        final Labels labels;
        final long stepMs;
        /** Null for the series' own member. */
        final @Nullable View view;

        /** Null until something is added, and while the labels are another series'. */
        @Nullable
        Member member;

        Place(Labels labels, long stepMs, @Nullable View view) {
            this.labels = labels;
            this.stepMs = stepMs;
            this.view = view;
        }
    }

    Output(OutputSeries series) {
        this.series = series;
    }

    List<Place> places(Labels group, LaneRules rules) {
        List<Place> known = places;
        if (known == null) {
            known = new ArrayList<>(1);
            known.add(new Place(series.labels(), rules.windowMs(), null));
            for (View view : rules.views()) {
                Labels viewed = view.labels(series.labels(), group);
                if (viewed != null) {
                    known.add(new Place(viewed, Math.max(view.stepMs(), rules.windowMs()), view));
                }
            }
            places = known;
        }
        return known;
    }
}
