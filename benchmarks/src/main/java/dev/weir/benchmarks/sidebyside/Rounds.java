package dev.weir.benchmarks.sidebyside;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks all servers in turn, so that whatever else the machine does falls on all of them. */
final class Rounds {
    private static final int CPU_RUNS = 40;

    private final List<Server> servers;
    private final List<HttpApi> apis;
    private final Times times;
    private final int runs;
    private final WarmUp warmUp;

    /** What each server is asked before it is measured: so many times, and for so long. */
    record WarmUp(int runs, Duration time) {}

    Rounds(List<Server> servers, List<HttpApi> apis, Times times, int runs, WarmUp warmUp) {
        this.servers = List.copyOf(servers);
        this.apis = List.copyOf(apis);
        this.times = times;
        this.runs = runs;
        this.warmUp = warmUp;
    }

    List<Measurement> measure(Query query) throws IOException, InterruptedException {
        int count = servers.size();
        long[] first = new long[count];
        List<Answer> answers = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            long start = System.nanoTime();
            byte[] body = apis.get(s).ask(query, times);
            first[s] = System.nanoTime() - start;
            answers.add(Answer.parse(body));
        }
        for (int s = 0; s < count; s++) {
            long startNanos = System.nanoTime();
            for (int i = 1; i < warmUp.runs || System.nanoTime() - startNanos < warmUp.time.toNanos(); i++) {
                apis.get(s).ask(query, times);
            }
        }
        long[][] nanos = new long[count][runs];
        List<List<Integer>> orders = orders(count);
        for (int run = 0; run < runs; run++) {
            for (int s : orders.get(run % orders.size())) {
                long start = System.nanoTime();
                apis.get(s).ask(query, times);
                nanos[s][run] = System.nanoTime() - start;
            }
        }
        List<Measurement> measured = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            measured.add(new Measurement(servers.get(s), nanos[s], first[s], cpuMillis(s, query), answers.get(s)));
        }
        return measured;
    }

    /** Every order of so many servers, so that none always comes after the same one. */
    private static List<List<Integer>> orders(int servers) {
        if (servers == 0) {
            return List.of(List.of());
        }
        List<List<Integer>> orders = new ArrayList<>();
        for (List<Integer> shorter : orders(servers - 1)) {
            for (int at = 0; at < servers; at++) {
                List<Integer> order = new ArrayList<>(shorter);
                order.add(at, servers - 1);
                orders.add(order);
            }
        }
        return orders;
    }

    /** The kernel counts in hundredths of a second, so this takes many runs together. */
    private double cpuMillis(int server, Query query) throws IOException, InterruptedException {
        double before = servers.get(server).cpuSeconds();
        for (int i = 0; i < CPU_RUNS; i++) {
            apis.get(server).ask(query, times);
        }
        return (servers.get(server).cpuSeconds() - before) * 1000 / CPU_RUNS;
    }
}
