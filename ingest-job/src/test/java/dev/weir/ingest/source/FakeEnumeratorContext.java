package dev.weir.ingest.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** Records what an enumerator sends, and runs its calls when told to. */
final class FakeEnumeratorContext implements SplitEnumeratorContext<TargetSplit> {
    /** What was sent to each reader, in order: lists of splits, and events. */
    final Map<Integer, List<Object>> sent = new HashMap<>();

    private final int parallelism;
    private final Map<Integer, ReaderInfo> readers = new HashMap<>();
    private final List<Runnable> calls = new ArrayList<>();

    FakeEnumeratorContext(int parallelism) {
        this.parallelism = parallelism;
    }

    void register(int reader) {
        readers.put(reader, new ReaderInfo(reader, "here"));
    }

    void unregister(int reader) {
        readers.remove(reader);
    }

    /** Runs each call that was asked for, once more. */
    void runCalls() {
        List.copyOf(calls).forEach(Runnable::run);
    }

    List<Object> take(int reader) {
        List<Object> taken = sent.remove(reader);
        return taken == null ? List.of() : taken;
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
        return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
    }

    @Override
    public void sendEventToSourceReader(int reader, SourceEvent event) {
        send(reader, event);
    }

    @Override
    public int currentParallelism() {
        return parallelism;
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
        return readers;
    }

    @Override
    public void assignSplits(SplitsAssignment<TargetSplit> assignment) {
        assignment.assignment().forEach(this::send);
    }

    @Override
    public void signalNoMoreSplits(int reader) {
        throw new UnsupportedOperationException("targets never end");
    }

    @Override
    public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
        callAsync(callable, handler, 0, 0);
    }

    @Override
    @SuppressWarnings("NullAway") // Flink's handlers get null for what there is not.
    public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler, long delayMs, long periodMs) {
        calls.add(() -> {
            try {
                handler.accept(callable.call(), null);
            } catch (Exception e) {
                handler.accept(null, e);
            }
        });
    }

    @Override
    public void runInCoordinatorThread(Runnable task) {
        task.run();
    }

    private void send(int reader, Object message) {
        if (!readers.containsKey(reader)) {
            throw new IllegalArgumentException("reader " + reader + " is not registered");
        }
        sent.computeIfAbsent(reader, r -> new ArrayList<>()).add(message);
    }
}
