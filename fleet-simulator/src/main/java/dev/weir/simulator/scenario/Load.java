package dev.weir.simulator.scenario;

import dev.weir.simulator.load.Draws;

/** How many requests a process has finished at a time, in closed form. */
enum Load {
    /** The same at any time. */
    CONSTANT {
        @Override
        double finished(Life life, long ms) {
            return REQUESTS_PER_MS * (ms - life.startMs());
        }
    },
    /** The whole fleet serves half of everything in 20 of 180 s. */
    BURSTY {
        @Override
        double finished(Life life, long ms) {
            return REQUESTS_PER_MS * (burstTime(ms) - burstTime(life.startMs()));
        }
    },
    /** Half of a process' requests come in its first 10 s: a backlog waits for every new pod. */
    FRONT_LOADED {
        @Override
        double finished(Life life, long ms) {
            double lengthMs = life.endMs() - life.startMs();
            double backlog = Math.min(1, (ms - life.startMs()) / (double) BACKLOG_MS);
            double rest = Math.max(0, (ms - life.startMs() - BACKLOG_MS) / (lengthMs - BACKLOG_MS));
            return REQUESTS_PER_MS * lengthMs * (backlog + rest) / 2;
        }
    };

    private static final double REQUESTS_PER_MS = 0.005;
    private static final long BACKLOG_MS = 10_000;
    private static final long BURST_EVERY_MS = 180_000;
    private static final long BURST_MS = 20_000;
    private static final double RARE_EVENTS_PER_LIFE = 0.5;
    private static final int MOST_RARE_EVENTS = 8;

    /** At the mean load of a slot. */
    abstract double finished(Life life, long ms);

    /** Finished requests; a slot has half to one and a half of the mean load. */
    final long count(Life life, long ms) {
        long until = Math.min(ms, life.endMs());
        if (until <= life.startMs()) {
            return 0;
        }
        double weight = 0.5 + Draws.unit(life.seed(), 1);
        return (long) Math.floor(weight * finished(life, until) + Draws.unit(life.seed(), 2));
    }

    /** Requests that failed: a Poisson number a life, of mean 0.5, each at any time of it. */
    static long rareCount(Life life, long ms) {
        double draw = Draws.unit(life.seed(), 3);
        double probability = StrictMath.exp(-RARE_EVENTS_PER_LIFE);
        long count = 0;
        for (int event = 0; event < MOST_RARE_EVENTS && draw >= probability; event++) {
            draw -= probability;
            probability *= RARE_EVENTS_PER_LIFE / (event + 1);
            double at = life.startMs() + Draws.unit(life.seed(), 100 + event) * (life.endMs() - life.startMs());
            count += at <= ms ? 1 : 0;
        }
        return count;
    }

    /** Time stretched so that half of it passes in the bursts. */
    private static double burstTime(long ms) {
        long period = Math.floorDiv(ms, BURST_EVERY_MS);
        long within = Math.floorMod(ms, BURST_EVERY_MS);
        double half = BURST_EVERY_MS / 2.0;
        double passed = within <= BURST_MS
                ? half * within / BURST_MS
                : half + half * (within - BURST_MS) / (BURST_EVERY_MS - BURST_MS);
        return period * (double) BURST_EVERY_MS + passed;
    }
}
