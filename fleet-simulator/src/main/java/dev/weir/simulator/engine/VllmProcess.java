package dev.weir.simulator.engine;

import dev.weir.simulator.metric.Exposition;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A vLLM v1 API server. It publishes once per engine step, as vLLM does: what happened inside a step becomes visible at its
 * end, so that prompt and generation tokens grow while their requests run and no two families are ever of different instants.
 */
final class VllmProcess extends RequestEngine {
    /** How often the engine publishes. */
    static final long STEP_MICROS = 25_000;

    private final PythonRuntime runtime;
    private final List<VllmRank> ranks;

    VllmProcess(EngineStart start) {
        super(start, true);
        this.runtime = new PythonRuntime(metrics, start);
        this.ranks = IntStream.range(0, start.engines())
                .mapToObj(rank -> new VllmRank(metrics, start, observations(), rank))
                .toList();
    }

    @Override
    public Exposition exposition(String accept) {
        return Exposition.python(accept);
    }

    @Override
    void serve(long fromMicros, long toMicros) {
        long step = fromMicros - Math.floorMod(fromMicros, STEP_MICROS) + STEP_MICROS;
        while (step <= toMicros) {
            while (arrivals.nextMicros() <= step) {
                long arrival = arrivals.nextMicros();
                long index = arrivals.take();
                ranks.get((int) (index % ranks.size())).add(new VllmRequest(draws, index, arrival));
            }
            if (ranks.stream().allMatch(VllmRank::idle)) {
                // Nothing can happen before the next arrival's step.
                long idle = (arrivals.nextMicros() - step) / STEP_MICROS;
                step += Math.max(1, idle) * STEP_MICROS;
                continue;
            }
            for (VllmRank rank : ranks) {
                rank.publish(step, step);
            }
            step += STEP_MICROS;
        }
    }

    @Override
    void complete(long micros) {
        ranks.forEach(rank -> rank.publish(Long.MAX_VALUE / 2, micros));
    }

    @Override
    void refresh(long micros) {
        runtime.update(micros);
        ranks.forEach(rank -> rank.refresh(micros));
    }
}
