package dev.weir.queryserver.limit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How many samples a second each project may send, on the average over {@link #BURST_SECONDS}. What is left may be
 * overdrawn by one request, whatever its size, and is paid back before the next. Thread-safe.
 */
public final class IngestQuota {
    static final int BURST_SECONDS = 10;

    /** Projects remembered; one forgotten has all of its burst again. */
    private static final int MAX_PROJECTS = 10_000;

    private final ToLongFunction<String> samplesPerSecond;
    private final LongSupplier nanoTime;
    private final Map<String, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Account {
        private double samples;
        private long atNanos;

        Account(double samples, long atNanos) {
            this.samples = samples;
            this.atNanos = atNanos;
        }
    }

    /** @param samplesPerSecond of a project; 0 for as many as it likes */
    public IngestQuota(ToLongFunction<String> samplesPerSecond, LongSupplier nanoTime) {
        this.samplesPerSecond = samplesPerSecond;
        this.nanoTime = nanoTime;
    }

    /** Takes the samples and returns 0, or takes none and returns in how many seconds to ask again. */
    public synchronized long take(String project, long samples) {
        long rate = samplesPerSecond.applyAsLong(project);
        if (rate == 0) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        double most = (double) rate * BURST_SECONDS;
        Account account = accounts.computeIfAbsent(project, p -> new Account(most, now));
        account.samples = Math.min(most, account.samples + (now - account.atNanos) / 1e9 * rate);
        account.atNanos = now;
        if (accounts.size() > MAX_PROJECTS) {
            accounts.remove(accounts.keySet().iterator().next());
        }
        if (account.samples < 0) {
            return (long) Math.ceil(-account.samples / rate);
        }
        account.samples -= samples;
        return 0;
    }

    /** Takes the samples of all projects and returns null, or takes none and says of which there are too many. */
    public synchronized @Nullable Excess takeAll(Map<String, Long> samplesByProject) {
        Map<String, Long> taken = new HashMap<>();
        for (Map.Entry<String, Long> entry : samplesByProject.entrySet()) {
            long waitSeconds = take(entry.getKey(), entry.getValue());
            if (waitSeconds > 0) {
                taken.forEach(this::giveBack);
                return new Excess(entry.getKey(), waitSeconds);
            }
            taken.put(entry.getKey(), entry.getValue());
        }
        return null;
    }

    private void giveBack(String project, long samples) {
        Account account = accounts.get(project);
        if (account != null) {
            account.samples += samples;
        }
    }

    /**
     * A project that sends too much.
     *
     * @param waitSeconds after which to ask again
     */
    public record Excess(String project, long waitSeconds) {
        /** What is wrong, and what was expected. */
        public String message() {
            return "project \"" + project + "\" sends too many samples (expected: at most maxSamplesPerSecond of it)";
        }
    }
}
