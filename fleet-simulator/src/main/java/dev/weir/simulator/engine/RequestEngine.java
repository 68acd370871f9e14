package dev.weir.simulator.engine;

import dev.weir.simulator.load.Arrivals;
import dev.weir.simulator.load.Draws;
import dev.weir.simulator.metric.MetricSet;
import dev.weir.simulator.metric.Snapshot;

/** An engine that serves the requests of a {@link dev.weir.simulator.load.LoadCurve}. */
abstract class RequestEngine implements EngineProcess {
    final EngineStart start;
    final Draws draws;
    final Arrivals arrivals;
    final MetricSet metrics;

    private final Observations observations;
    private long nowMicros;
    private boolean frozen;

    RequestEngine(EngineStart start, boolean pythonCounters) {
        this.metrics = new MetricSet(pythonCounters);
        this.start = start;
        this.draws = new Draws(start.seed());
        this.arrivals = new Arrivals(start.curve(), start.startMicros());
        this.observations = Observations.keeping(start.retainMicros());
        this.nowMicros = start.startMicros();
    }

    @Override
    public final void advanceTo(long micros) {
        if (micros <= nowMicros) {
            return;
        }
        if (!frozen) {
            serve(nowMicros, micros);
        }
        nowMicros = micros;
    }

    @Override
    public final void freeze(long micros) {
        advanceTo(micros);
        if (!frozen) {
            complete(nowMicros);
            frozen = true;
        }
    }

    @Override
    public final void resume(long micros) {
        advanceTo(micros);
        if (frozen) {
            arrivals.skipTo(nowMicros);
            frozen = false;
        }
    }

    @Override
    public final Snapshot snapshot() {
        refresh(nowMicros);
        return metrics.snapshot(Math.floorDiv(start.epochAt(nowMicros), 1000L));
    }

    @Override
    public final Observations observations() {
        return observations;
    }

    /** Serves what happens in (from, to]. */
    abstract void serve(long fromMicros, long toMicros);

    /** Ends every request in flight, as if the time that it still takes had passed. */
    abstract void complete(long micros);

    /** Brings gauges and process metrics up to a time. */
    abstract void refresh(long micros);
}
