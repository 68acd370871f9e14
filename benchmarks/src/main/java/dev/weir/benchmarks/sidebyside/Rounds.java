package dev.weir.benchmarks.sidebyside;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Asks all servers in turn, so that whatever else the machine does falls on all of them. */
final class Rounds {
    private static final int CPU_RUNS = 40;

    private final List<Server> servers;
    private final List<HttpApi> apis;
    private final Times times;
    private final int runs;
    private final int warmUp;

    Rounds(List<Server> servers, List<HttpApi> apis, Times times, int runs, int warmUp) {
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
            for (int i = 1; i < warmUp; i++) {
                apis.get(s).ask(query, times);
            }
        }
        long[][] nanos = new long[count][runs];
        List<Integer> order = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            order.add(s);
        }
        for (int run = 0; run < runs; run++) {
            Collections.rotate(order, 1);
            for (int s : order) {
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

    /** The kernel counts in hundredths of a second, so this takes many runs together. */
    private double cpuMillis(int server, Query query) throws IOException, InterruptedException {
        double before = servers.get(server).cpuSeconds();
        for (int i = 0; i < CPU_RUNS; i++) {
            apis.get(server).ask(query, times);
        }
        return (servers.get(server).cpuSeconds() - before) * 1000 / CPU_RUNS;
    }
}
