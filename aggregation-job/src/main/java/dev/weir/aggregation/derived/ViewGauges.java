package dev.weir.aggregation.derived;

import dev.weir.aggregation.member.Member;
import dev.weir.aggregation.member.SeriesOwners;
import dev.weir.aggregation.state.StateIo;
import dev.weir.aggregation.view.QuantileGauge;
import dev.weir.aggregation.view.RollingGauge;
import dev.weir.aggregation.view.View;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Gauges that views compute out of their cumulative series, each written with the points of its series. */
final class ViewGauges {
    private final Map<Labels, QuantileGauge> quantiles = new HashMap<>();
    private final Map<Labels, RollingGauge> rolling = new HashMap<>();

    /** Begins what the view computes out of the series, if it is not there yet. */
    void open(View view, Labels series) {
        for (View.DerivedQuantile one : view.quantiles()) {
            if (one.of().equals(series.metricName())) {
                quantiles.computeIfAbsent(series, key -> new QuantileGauge(named(key, one.name()), one.quantile()));
            }
        }
        for (View.RollingTotal one : view.rolling()) {
            if (one.of().equals(series.metricName())) {
                rolling.computeIfAbsent(series, key -> new RollingGauge(named(key, one.name()), one.overMs()));
            }
        }
    }

    /** Writes what is computed out of the series, unless a target exposes the gauge's name itself. */
    void write(Member member, long windowEndMs, SeriesOwners owners, WriteRequestEncoder out) {
        QuantileGauge quantile = quantiles.get(member.labels());
        if (quantile != null && !owners.hasFamily(quantile.name())) {
            quantile.write(member.series(), windowEndMs, out);
        }
        RollingGauge total = rolling.get(member.labels());
        if (total != null && !owners.hasFamily(total.name())) {
            total.write(member.series().total(0), windowEndMs, out);
        }
    }

    /** Ends what is computed out of the series. */
    void end(Labels series, long windowEndMs, WriteRequestEncoder out) {
        QuantileGauge quantile = quantiles.remove(series);
        if (quantile != null) {
            quantile.end(windowEndMs, out);
        }
        RollingGauge total = rolling.remove(series);
        if (total != null) {
            total.end(windowEndMs, out);
        }
    }

    /** Whether a window without increments would write other values than the one before. */
    boolean isChanging() {
        return quantiles.values().stream().anyMatch(QuantileGauge::isLive);
    }

    private static Labels named(Labels series, String name) {
        return series.toBuilder().set(Labels.METRIC_NAME, name).build();
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(quantiles.size());
        for (Map.Entry<Labels, QuantileGauge> entry : quantiles.entrySet()) {
            StateIo.writeLabels(out, entry.getKey());
            entry.getValue().write(out);
        }
        out.writeInt(rolling.size());
        for (Map.Entry<Labels, RollingGauge> entry : rolling.entrySet()) {
            StateIo.writeLabels(out, entry.getKey());
            entry.getValue().write(out);
        }
    }

    static ViewGauges read(DataInput in) throws IOException {
        ViewGauges gauges = new ViewGauges();
        for (int i = in.readInt(); i > 0; i--) {
            gauges.quantiles.put(StateIo.readLabels(in), QuantileGauge.read(in));
        }
        for (int i = in.readInt(); i > 0; i--) {
            gauges.rolling.put(StateIo.readLabels(in), RollingGauge.read(in));
        }
        return gauges;
    }
}
