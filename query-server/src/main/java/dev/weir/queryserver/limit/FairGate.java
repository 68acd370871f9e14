package dev.weir.queryserver.limit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a limited number of tasks run at a time, and of each project no more than its own limit. Those who wait are let in
 * by project in turn, so one project's flood delays another's first task by at most one task of each project. When too many
 * wait, the newest of the project that has most waiting is sent away. Thread-safe.
 */
public final class FairGate {
    private static final long LOOK_EVERY_MILLIS = 100;

    private final int maxRunning;
    private final int maxWaiting;
    private final ReentrantLock lock = new ReentrantLock();
    /** Those with a task that runs or waits; the one whose turn is next comes first. */
    private final Map<String, Lane> lanes = new LinkedHashMap<>();

    private int running;
    private int waiting;

    public FairGate(int maxRunning, int maxWaiting) {
        this.maxRunning = maxRunning;
        this.maxWaiting = maxWaiting;
    }

    /** How an attempt to enter ended; whoever was let in must {@link #leave}. */
    public enum Entry {
        ADMITTED,
        TIMED_OUT,
        ABANDONED,
        /** Too many wait, and of this project more than of others. */
        FULL
    }

    private static final class Lane {
        private final Deque<Ticket> waiting = new ArrayDeque<>();
        private int running;
        private int maxRunning;
    }

    private static final class Ticket {
        private final Condition changed;
        private @Nullable Entry entry;

        Ticket(Condition changed) {
            this.changed = changed;
        }

        void end(Entry how) {
            entry = how;
            changed.signal();
        }
    }

    /**
     * Waits until a task of the project may run.
     *
     * @param maxOfProject how many of its tasks may run at a time
     * @param isAbandoned whether nobody waits for the task any more; asked now and then
     */
    public Entry enter(String project, int maxOfProject, long timeoutNanos, BooleanSupplier isAbandoned)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Lane lane = lanes.computeIfAbsent(project, p -> new Lane());
            lane.maxRunning = maxOfProject;
            if (running < maxRunning && lane.running < maxOfProject && lane.waiting.isEmpty()) {
                lane.running++;
                running++;
                return Entry.ADMITTED;
            }
            if (waiting >= maxWaiting && !makeRoomFor(lane)) {
                forgetIfEmpty(project, lane);
                return Entry.FULL;
            }
            Ticket ticket = new Ticket(lock.newCondition());
            lane.waiting.add(ticket);
            waiting++;
            return await(project, lane, ticket, timeoutNanos, isAbandoned);
        } finally {
            lock.unlock();
        }
    }

    /** Ends a task that was let in. */
    public void leave(String project) {
        lock.lock();
        try {
            Lane lane = lanes.get(project);
            if (lane == null || lane.running == 0) {
                throw new IllegalStateException("project " + project + " leaves (expected: after it has entered)");
            }
            lane.running--;
            running--;
            forgetIfEmpty(project, lane);
            admitNext();
        } finally {
            lock.unlock();
        }
    }

    private Entry await(String project, Lane lane, Ticket ticket, long timeoutNanos, BooleanSupplier isAbandoned)
            throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeoutNanos;
        Entry given = null;
        try {
            while (ticket.entry == null && given == null) {
                if (isAbandoned.getAsBoolean()) {
                    given = Entry.ABANDONED;
                } else if (System.nanoTime() - deadlineNanos > 0) {
                    given = Entry.TIMED_OUT;
                } else {
                    boolean unused = ticket.changed.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            if (ticket.entry == Entry.ADMITTED) {
                // It was let in at the same moment; whoever runs it will see the interrupt.
                Thread.currentThread().interrupt();
                return Entry.ADMITTED;
            }
            throw e;
        } finally {
            if (ticket.entry == null) {
                lane.waiting.remove(ticket);
                waiting--;
                forgetIfEmpty(project, lane);
            }
        }
        return ticket.entry != null ? ticket.entry : Objects.requireNonNull(given);
    }

    /** Sends away the newest of the longest queue; false if that is the one that wants room. */
    private boolean makeRoomFor(Lane wanting) {
        Lane longest = wanting;
        for (Lane lane : lanes.values()) {
            if (lane.waiting.size() > longest.waiting.size()) {
                longest = lane;
            }
        }
        // One more here must not make this the longest in its turn.
        if (longest == wanting || longest.waiting.size() <= wanting.waiting.size() + 1) {
            return false;
        }
        longest.waiting.removeLast().end(Entry.FULL);
        waiting--;
        return true;
    }

    private void admitNext() {
        while (running < maxRunning) {
            String admitted = null;
            Iterator<Map.Entry<String, Lane>> turns = lanes.entrySet().iterator();
            while (admitted == null && turns.hasNext()) {
                Map.Entry<String, Lane> turn = turns.next();
                Lane lane = turn.getValue();
                if (!lane.waiting.isEmpty() && lane.running < lane.maxRunning) {
                    lane.waiting.removeFirst().end(Entry.ADMITTED);
                    waiting--;
                    lane.running++;
                    running++;
                    admitted = turn.getKey();
                    turns.remove();
                    lanes.put(admitted, lane);
                }
            }
            if (admitted == null) {
                return;
            }
        }
    }

    private void forgetIfEmpty(String project, Lane lane) {
        if (lane.running == 0 && lane.waiting.isEmpty()) {
            lanes.remove(project, lane);
        }
    }
}
