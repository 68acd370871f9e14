package dev.weir.aggregation.member;

import dev.weir.aggregation.report.OwnSeries;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.util.HashSet;
import java.util.Set;

/** Says of which histograms unequal layouts were merged: {@link OwnSeries#MIXED_LAYOUTS} is 1 beside each of them. */
public final class MixedLayouts {
    private final Set<Labels> told = new HashSet<>();

    public boolean isTold(Member member) {
        return told.contains(member.labels());
    }

    /** It was said before a restore. */
    public void wasTold(Member member) {
        told.add(member.labels());
    }

    public void write(Member member, long windowEndMs, WriteRequestEncoder out) {
        if (member.series().layoutsMixed()) {
            told.add(member.labels());
            out.add(WriteRequestEncoder.labels(labels(member).toMap()), windowEndMs, 1);
        }
    }

    public void end(Member member, long windowEndMs, WriteRequestEncoder out) {
        if (told.remove(member.labels())) {
            out.add(WriteRequestEncoder.labels(labels(member).toMap()), windowEndMs, StaleMarker.VALUE);
        }
    }

    private static Labels labels(Member member) {
        return member.labels().toBuilder()
                .set(Labels.METRIC_NAME, OwnSeries.MIXED_LAYOUTS)
                .set("metric", member.labels().metricName())
                .build();
    }
}
