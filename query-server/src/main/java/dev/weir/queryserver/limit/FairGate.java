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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a limited number of tasks run at a time, and of each project no more than its own limit. Those who wait are let in
 * by project in turn, so one project's flood delays another's first task by at most one task of each project. When too many
 * wait, the newest of the project that has most waiting is sent away. Where there are as many tasks as processors, or more, those that
 * ask by their {@link Pace} give way to other projects' young ones. Thread-safe.
 */
public final class FairGate {
    private static final long LOOK_EVERY_MILLIS = 100;
    /** For so long after it was let in a task is young. */
    private static final long YOUNG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int maxRunning;
    private final int maxWaiting;
    private final int processors;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    /** Those with a task that runs or waits; the one whose turn is next comes first. */
    private final Map<String, Lane> lanes = new LinkedHashMap<>();

    private final Condition left = lock.newCondition();
    private int running;
    private int waiting;

    public FairGate(int maxRunning, int maxWaiting) {
        this(maxRunning, maxWaiting, Runtime.getRuntime().availableProcessors(), System::nanoTime);
    }

    FairGate(int maxRunning, int maxWaiting, int processors, LongSupplier nanoTime) {
        this.maxRunning = maxRunning;
        this.maxWaiting = maxWaiting;
        this.processors = processors;
        this.nanoTime = nanoTime;
    }

    /** How an attempt to enter ended; whoever was let in must {@link #leave}. */
    public enum Entry {
        ADMITTED,
        TIMED_OUT,
        ABANDONED,
        /** Too many wait, and of this project more than of others. */
        FULL
    }

    private final class Lane {
        private final Deque<Ticket> waiting = new ArrayDeque<>();
        private int running;
        private int maxRunning;
        /** When its newest task was let in. */
        private long newestNanos;

        void admit() {
            running++;
            newestNanos = nanoTime.getAsLong();
        }
    }

    /**
     * How a task that was let in goes on beside others: while it is no longer young it gives way to young ones of other
     * projects, for no more of its time than it runs. For one thread.
     */
    public final class Pace {
        private final String project;
        private final long startNanos = nanoTime.getAsLong();
        private long pausedNanos;

        private Pace(String project) {
            this.project = project;
        }

        /** Returns at once unless the task is to give way; to be called every millisecond or so, as it costs a lock. */
        public void giveWay() {
            if (nanoTime.getAsLong() - startNanos < YOUNG_NANOS) {
                return;
            }
            lock.lock();
            try {
                for (long nanos = pause(); nanos > 0; nanos = pause()) {
                    long beganNanos = nanoTime.getAsLong();
                    long unused = left.awaitNanos(nanos);
                    pausedNanos += nanoTime.getAsLong() - beganNanos;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                lock.unlock();
            }
        }

        private long pause() {
            long now = nanoTime.getAsLong();
            long youngNanos = 0;
            for (Map.Entry<String, Lane> lane : lanes.entrySet()) {
                if (lane.getValue().running > 0 && !lane.getKey().equals(project)) {
                    youngNanos = Math.max(youngNanos, YOUNG_NANOS - (now - lane.getValue().newestNanos));
                }
            }
            long leftNanos = now - startNanos - 2 * pausedNanos;
            return running < processors ? 0 : Math.min(youngNanos, leftNanos);
        }
    }

    /** The pace of a task of the project that was let in just now. */
    public Pace pace(String project) {
        return new Pace(project);
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
                lane.admit();
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
            left.signalAll();
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
                    lane.admit();
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

    /** Whether somebody gives way. */
    boolean isPausing() {
        lock.lock();
        try {
            return lock.hasWaiters(left);
        } finally {
            lock.unlock();
        }
    }

    private void forgetIfEmpty(String project, Lane lane) {
        if (lane.running == 0 && lane.waiting.isEmpty()) {
            lanes.remove(project, lane);
        }
    }
}
