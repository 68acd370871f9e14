package dev.weir.queryserver.limit;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns of what clients send: so many at a time, no more than half of them of one project, and so many that wait. Whoever
 * may send to all projects has turns of its own, and all of them where nobody else is. Thread-safe.
 */
public final class ProjectTurns {
    private final FairGate gate;
    private final int maxRunning;
    private final Duration timeout;

    /**
     * @param maxRunning at least 2
     * @param timeout how long one waits
     */
    public ProjectTurns(int maxRunning, int maxWaiting, Duration timeout) {
        this.gate = new FairGate(maxRunning, maxWaiting);
        this.maxRunning = maxRunning;
        this.timeout = timeout;
    }

    /**
     * Waits for a turn; whoever has it must {@link #leave}.
     *
     * @param project null of all projects
     * @param isAbandoned whether nobody waits for the answer any more
     * @return false if it does not come in time, or too many wait
     */
    public boolean enter(@Nullable String project, BooleanSupplier isAbandoned) throws InterruptedException {
        int maxOfProject = project == null ? maxRunning : maxRunning / 2;
        return gate.enter(lane(project), maxOfProject, timeout.toNanos(), isAbandoned) == FairGate.Entry.ADMITTED;
    }

    public void leave(@Nullable String project) {
        gate.leave(lane(project));
    }

    /** No project has an empty name. */
    private static String lane(@Nullable String project) {
        return project == null ? "" : project;
    }
}
