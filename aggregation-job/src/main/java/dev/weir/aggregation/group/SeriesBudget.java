package dev.weir.aggregation.group;

import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.report.OwnSeries;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How many series a project has in one lane, and what became of those beyond the limit. Who is in stays in; a series that is
 * refused may ask again. What is derived of admitted series (canonical families, views) and the {@link OtherSeries} are not
 * refused: the ones are a fixed multiple, the others have a limit of their own.
 */
final class SeriesBudget {
    private final String project;
    private final int lane;
    private int used;
    private long folded;
    private long dropped;
    /** Whether this attempt of the job has told that the limit was reached. */
    private boolean told;

    SeriesBudget(String project, int lane) {
        this.project = project;
        this.lane = lane;
    }

    /** Whether so many further series have room; they are counted if they have. */
    boolean admit(int series, LaneRules rules) {
        if (rules.seriesLimit() == LaneRules.UNLIMITED || used + (long) series <= rules.seriesLimit()) {
            used += series;
            return true;
        }
        if (!told) {
            told = true;
            rules.seriesConflict(project, lane);
        }
        return false;
    }

    /** Notes series that were there before a restart. */
    void add(int series) {
        used += series;
    }

    /** Sets right how many series there are, since some have gone. */
    void recount(int series) {
        used = series;
    }

    void countFolded(int series) {
        folded += series;
    }

    void countDropped() {
        dropped++;
    }

    void writePoints(long windowEndMs, WriteRequestEncoder out) {
        write(OwnSeries.PROJECT_SERIES, used, windowEndMs, out);
        write(OwnSeries.FOLDED, (double) folded, windowEndMs, out);
        write(OwnSeries.DROPPED, (double) dropped, windowEndMs, out);
    }

    void writeStaleMarkers(long windowEndMs, WriteRequestEncoder out) {
        for (String name : new String[] {OwnSeries.PROJECT_SERIES, OwnSeries.FOLDED, OwnSeries.DROPPED}) {
            write(name, StaleMarker.VALUE, windowEndMs, out);
        }
    }

    private void write(String name, double value, long windowEndMs, WriteRequestEncoder out) {
        Labels labels = Labels.of(Labels.METRIC_NAME, name, "project_id", project, "partition", Integer.toString(lane));
        out.add(WriteRequestEncoder.labels(labels.toMap()), windowEndMs, value);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(folded);
        out.writeLong(dropped);
    }

    void read(DataInput in) throws IOException {
        folded = in.readLong();
        dropped = in.readLong();
    }
}
