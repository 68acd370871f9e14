package dev.weir.aggregation.member;

import dev.weir.aggregation.profile.PageProfiles;
import dev.weir.aggregation.view.View;
import java.util.List;

/**
 * What lanes need to know of the configuration. Not safe for use by several threads.
 *
 * @param windowMs step of the output
 * @param expiryMs after which a series without a target ends
 * @param pages what the pages of reports mean in the canonical vocabulary
 * @param views that re-emit canonical series under other names
 * @param seriesLimit most series of a project in one lane, or {@link #UNLIMITED}
 * @param conflicts told of what cannot be merged
 */
public record LaneRules(
        long windowMs, long expiryMs, PageProfiles pages, List<View> views, int seriesLimit, Conflicts conflicts) {
    /** Stands for no limit. */
    public static final int UNLIMITED = 0;

    /** Counts what cannot be merged; must not fail. */
    public interface Conflicts {
        /** A name came as a counter from one target and as a histogram from another; the later one is left out. */
        void ofTypes();

        /** Two targets gave one gauge series in one window; the later one is left out. */
        void ofGauges();

        /** A request's group is one too many; the request is summed up with those of other such groups. */
        void ofRequests();

        /** A project has reached {@link LaneRules#seriesLimit}; told once for each lane and attempt of the job. */
        default void ofSeries(String project, int lane, int limit) {}
    }

    /** Rules without a limit on series. */
    public LaneRules(long windowMs, long expiryMs, PageProfiles pages, List<View> views, Conflicts conflicts) {
        this(windowMs, expiryMs, pages, views, UNLIMITED, conflicts);
    }

    public LaneRules {
        if (windowMs <= 0) {
            throw new IllegalArgumentException("windowMs: " + windowMs + " (expected: > 0)");
        }
        views = List.copyOf(views);
    }

    /** End of the window that holds the time; a window includes its end. */
    public long windowEnd(long timeMs) {
        return Math.floorDiv(timeMs + windowMs - 1, windowMs) * windowMs;
    }

    public long longestStepMs() {
        long longest = windowMs;
        for (View view : views) {
            longest = Math.max(longest, view.stepMs());
        }
        return longest;
    }

    public void typeConflict() {
        conflicts.ofTypes();
    }

    public void seriesConflict(String project, int lane) {
        conflicts.ofSeries(project, lane, seriesLimit);
    }

    public void requestConflict() {
        conflicts.ofRequests();
    }

    public void gaugeConflict() {
        conflicts.ofGauges();
    }
}
