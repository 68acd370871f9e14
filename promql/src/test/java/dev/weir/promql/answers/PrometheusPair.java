package dev.weir.promql.answers;

import dev.weir.promql.generator.Query;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Two Prometheus servers of the same samples, whose series were written in opposite orders. Where they differ, the answer
 * follows from the order of the store or from chance, and not from the samples.
 */
final class PrometheusPair implements AutoCloseable {
    private final PrometheusProcess first;
    private final PrometheusProcess second;

    PrometheusPair(Path binary, SampleData data, boolean delayedNameRemoval) throws IOException, InterruptedException {
        this.first = new PrometheusProcess(binary, delayedNameRemoval);
        try {
            this.second = new PrometheusProcess(binary, delayedNameRemoval);
        } catch (IOException | InterruptedException e) {
            first.close();
            throw e;
        }
        List<SampleSeries> reversed = new ArrayList<>(data.series());
        Collections.reverse(reversed);
        write(data.series(), first);
        write(reversed, second);
    }

    /** The answer of the server whose series were written in the order of their labels. */
    Answer ask(Query query) throws IOException, InterruptedException {
        return first.api().ask(query);
    }

    /** Whether both servers give this answer, whenever they are asked. */
    boolean isStable(Query query, Answer answer) throws IOException, InterruptedException {
        Comparison comparison = Comparison.of(query);
        for (PrometheusProcess server : List.of(first, second, second)) {
            if (comparison.difference(answer, server.api().ask(query)) != null) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }

    private static void write(List<SampleSeries> series, PrometheusProcess server)
            throws IOException, InterruptedException {
        for (SampleSeries each : series) {
            for (WriteRequest request : RemoteWrite.requests(each)) {
                server.api().write(request);
            }
        }
    }
}
