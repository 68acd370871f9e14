package dev.weir.promql.engine;

import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.Span;
import dev.weir.promql.column.Annotations;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Vectors that are asked for in several places, evaluated at the first and kept until the last has had them. What is kept
 * counts as held in memory. A vector that alone would take more than a quarter of what the query may hold is not kept, but
 * evaluated in each place, series by series.
 */
final class SharedVectors {
    private static final int LARGEST_PART = 4;

    private final SharingPlan plan;
    private final QueryContext context;
    private final Map<SharingPlan.Group, Kept> kept = new HashMap<>();

    SharedVectors(SharingPlan plan, QueryContext context) {
        this.plan = plan;
        this.context = context;
    }

    SeriesStream get(Expr expr, Supplier<SeriesStream> evaluation) {
        SharingPlan.Group group = plan.group(expr);
        if (group == null) {
            return evaluation.get();
        }
        Kept known = kept.get(group);
        if (known == null) {
            known = new Kept(group);
            kept.put(group, known);
            SeriesStream rest = known.fill(evaluation);
            if (rest != null) {
                return rest;
            }
        }
        return known.places > 0 ? known.give(expr) : evaluation.get();
    }

    private final class Kept {
        private final Expr first;
        private final List<StepSeries> series = new ArrayList<>();
        private Set<Annotations.Note> notes = Set.of();
        private long samples;
        /** That have not had the series yet; none if it is not kept. */
        private int places;
        /** That are having them. */
        private int readers;

        Kept(SharingPlan.Group group) {
            this.first = group.first();
            this.places = group.size();
        }

        /** Keeps the vector; or gives it all back if it is too large. */
        @Nullable
        SeriesStream fill(Supplier<SeriesStream> evaluation) {
            SeriesStream[] rest = new SeriesStream[1];
            notes = context.annotations().recorded(() -> rest[0] = collect(evaluation.get()));
            return rest[0];
        }

        private @Nullable SeriesStream collect(SeriesStream stream) {
            for (StepSeries one = stream.next(); one != null; one = stream.next()) {
                context.hold(one);
                samples += one.sizeInSamples();
                series.add(one);
                if (samples > context.maxSamples() / LARGEST_PART) {
                    places = 0;
                    Deque<StepSeries> head = new ArrayDeque<>(series);
                    series.clear();
                    return () -> head.isEmpty() ? stream.next() : release(head.remove());
                }
            }
            return null;
        }

        SeriesStream give(Expr to) {
            places--;
            readers++;
            repeatNotes(to);
            int[] next = {0};
            return () -> {
                if (next[0] < series.size()) {
                    return take(next[0]++);
                }
                if (next[0]++ == series.size()) {
                    leave();
                }
                return null;
            };
        }

        /** A copy, since the taker may change it; or the series itself for the last taker. */
        private StepSeries take(int index) {
            StepSeries one = series.get(index);
            if (places > 0 || readers > 1) {
                return new StepSeries(
                        one.labels(), one.dropsName(), one.column().copy());
            }
            samples -= one.sizeInSamples();
            return release(one);
        }

        private void leave() {
            readers--;
            if (places == 0 && readers == 0) {
                context.release(samples);
                samples = 0;
                series.clear();
            }
        }

        private StepSeries release(StepSeries one) {
            context.release(one);
            return one;
        }

        /** What was noted of the first place is true of the others. */
        private void repeatNotes(Expr to) {
            if (notes.isEmpty() || to.span().equals(first.span())) {
                return;
            }
            List<Span> from = SharingPlan.spans(first);
            List<Span> into = SharingPlan.spans(to);
            for (Annotations.Note note : notes) {
                int part = from.indexOf(note.span());
                context.annotate(part < 0 ? note : note.at(into.get(part)));
            }
        }
    }
}
