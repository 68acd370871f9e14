package dev.weir.aggregation.group;

import dev.weir.aggregation.view.View;
import java.util.List;

/**
 * What lanes need to know of the configuration.
 *
 * @param windowMs step of the output
 * @param expiryMs after which a series without a target ends
 * @param views that re-emit series under other names
 * @param onTypeConflict told when a name comes as a counter from one target and as a histogram from another
 */
public record LaneRules(long windowMs, long expiryMs, List<View> views, Runnable onTypeConflict) {
    public LaneRules {
        if (windowMs <= 0) {
            throw new IllegalArgumentException("windowMs: " + windowMs + " (expected: > 0)");
        }
        views = List.copyOf(views);
    }

    /** End of the window that holds the time; a window includes its end. */
    long windowEnd(long timeMs) {
        return Math.floorDiv(timeMs + windowMs - 1, windowMs) * windowMs;
    }

    long longestStepMs() {
        long longest = windowMs;
        for (View view : views) {
            longest = Math.max(longest, view.stepMs());
        }
        return longest;
    }

    void typeConflict() {
        onTypeConflict.run();
    }
}
