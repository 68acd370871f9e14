package dev.weir.queryserver.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.queryserver.limit.FairGate.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FairGateTest {
    private static final long LONG = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong now = new AtomicLong();
    private final List<String> admitted = Collections.synchronizedList(new ArrayList<>());

    @Test
    void letsProjectsInByTurnsHoweverManyOfOneCameFirst() throws InterruptedException {
        FairGate gate = new FairGate(1, 50);
        assertEquals(Entry.ADMITTED, gate.enter("a", 1, LONG, () -> false));
        List<Thread> threads = new ArrayList<>();
        for (String project : List.of("a", "a", "a", "b", "b", "c")) {
            threads.add(waiting(gate, project));
        }
        gate.leave("a");
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of("a", "b", "c", "a", "b", "a"), admitted);
    }

    @Test
    void leavesRoomForOthersWhereAProjectHasAllItMay() throws InterruptedException {
        FairGate gate = new FairGate(3, 50);
        assertEquals(Entry.ADMITTED, gate.enter("a", 2, LONG, () -> false));
        assertEquals(Entry.ADMITTED, gate.enter("a", 2, LONG, () -> false));
        assertEquals(Entry.TIMED_OUT, gate.enter("a", 2, 1, () -> false));
        assertEquals(Entry.ADMITTED, gate.enter("b", 2, LONG, () -> false));
        assertEquals(Entry.TIMED_OUT, gate.enter("b", 2, 1, () -> false));
        gate.leave("a");
        assertEquals(Entry.ADMITTED, gate.enter("b", 2, LONG, () -> false));
    }

    @Test
    void sendsAwayTheNewestOfTheLongestQueueWhenTooManyWait() throws InterruptedException {
        FairGate gate = new FairGate(1, 3);
        assertEquals(Entry.ADMITTED, gate.enter("a", 1, LONG, () -> false));
        List<Thread> threads = new ArrayList<>(List.of(waiting(gate, "a"), waiting(gate, "a"), waiting(gate, "a")));
        assertEquals(Entry.FULL, gate.enter("a", 1, LONG, () -> false));
        threads.add(waiting(gate, "b"));
        while (admitted.isEmpty()) {
            Thread.onSpinWait();
        }
        gate.leave("a");
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of("a FULL", "a", "b", "a"), admitted);
    }

    @Test
    void letsNobodyInWhomNobodyWaitsFor() throws InterruptedException {
        FairGate gate = new FairGate(1, 3);
        assertEquals(Entry.ADMITTED, gate.enter("a", 1, LONG, () -> false));
        assertEquals(Entry.ABANDONED, gate.enter("a", 1, LONG, () -> true));
        gate.leave("a");
        assertEquals(Entry.ADMITTED, gate.enter("a", 1, LONG, () -> false));
    }

    @Test
    void aTaskThatHasRunForLongGivesWayToAYoungOneOfAnotherProject() throws InterruptedException {
        FairGate gate = new FairGate(2, 50, 2, now::get);
        assertEquals(Entry.ADMITTED, gate.enter("a", 1, LONG, () -> false));
        FairGate.Pace pace = gate.pace("a");
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(150));
        pace.giveWay();
        assertEquals(Entry.ADMITTED, gate.enter("b", 1, LONG, () -> false));
        Thread old = new Thread(() -> {
            pace.giveWay();
            admitted.add("a goes on");
        });
        old.start();
        while (!gate.isPausing()) {
            Thread.onSpinWait();
        }
        admitted.add("b has ended");
        gate.leave("b");
        old.join();
        assertEquals(List.of("b has ended", "a goes on"), admitted);
    }

    @Test
    void nobodyGivesWayToOldOnesNorWhereThereAreProcessorsForAll() throws InterruptedException {
        FairGate two = new FairGate(2, 50, 2, now::get);
        assertEquals(Entry.ADMITTED, two.enter("a", 1, LONG, () -> false));
        FairGate.Pace old = two.pace("a");
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(150));
        assertEquals(Entry.ADMITTED, two.enter("b", 1, LONG, () -> false));
        two.pace("b").giveWay();
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(150));
        old.giveWay();
        FairGate four = new FairGate(4, 50, 4, now::get);
        assertEquals(Entry.ADMITTED, four.enter("a", 1, LONG, () -> false));
        FairGate.Pace pace = four.pace("a");
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(150));
        assertEquals(Entry.ADMITTED, four.enter("b", 1, LONG, () -> false));
        pace.giveWay();
    }

    /** A thread that waits at the gate, and leaves as soon as it was let in. */
    private Thread waiting(FairGate gate, String project) {
        Thread thread = new Thread(() -> {
            try {
                Entry entry = gate.enter(project, 1, LONG, () -> false);
                admitted.add(entry == Entry.ADMITTED ? project : project + " " + entry);
                if (entry == Entry.ADMITTED) {
                    gate.leave(project);
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
        return thread;
    }
}
