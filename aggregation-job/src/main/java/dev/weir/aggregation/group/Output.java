package dev.weir.aggregation.group;

import dev.weir.aggregation.member.Member;
import dev.weir.aggregation.report.OutputSeries;
import org.jspecify.annotations.Nullable;

/** A told series, with the member of its group that it adds to: found once, not with every report. */
final class Output {
    /** The id of a series that Weir adds itself. */
    static final int TOLD_BY_NONE = -1;

    /** Stands for it in what is stored of the targets that told it. */
    final int id;

    final OutputSeries series;
    /** How many targets told it. */
    int tellers;

    /** Whether it adds to an {@link OtherSeries}. */
    boolean folded;

    /** Its member; null until something is added, and while the labels are another series'. */
    @Nullable
    Member member;

    Output(int id, OutputSeries series) {
        this.id = id;
        this.series = series;
    }
}
