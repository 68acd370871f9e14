package dev.weir.standalone.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a command in the foreground until SIGINT or SIGTERM, and the process alive until the command has closed what it
 * opened.
 */
final class Foreground {
    /** Past this the process ends whatever is still open; a restart recovers as from a kill. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(25);

    private static final Duration CHECK_PERIOD = Duration.ofSeconds(1);

    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Foreground() {}

    /** The body of a command; closes what it opens. */
    @FunctionalInterface
    interface Body {
        void run(Foreground foreground) throws InterruptedException;
    }

    /** Runs {@code body}; a signal asks it to end. */
    static void run(Body body) throws InterruptedException {
        Foreground foreground = new Foreground();
        Thread hook = new Thread(foreground::stopAndWait, "weir-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            body.run(foreground);
        } finally {
            foreground.stopped.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process is ending already, with this hook.
                Thread.currentThread().join();
            }
        }
    }

    boolean stopAsked() {
        return stopAsked.getCount() == 0;
    }

    /** Waits for a moment; true if the process was asked to stop meanwhile. */
    boolean stopAskedWithin(Duration moment) throws InterruptedException {
        return stopAsked.await(moment.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns when the process is asked to stop; until then runs {@code check} once a second. */
    void awaitStop(Runnable check) throws InterruptedException {
        while (!stopAskedWithin(CHECK_PERIOD)) {
            check.run();
        }
    }

    private void stopAndWait() {
        stopAsked.countDown();
        try {
            boolean clean = stopped.await(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            // The exit code of a signal would say that something went wrong.
            Runtime.getRuntime().halt(clean ? 0 : WeirCommand.FAILED);
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(WeirCommand.FAILED);
        }
    }
}
