package dev.weir.simulator.fleet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.weir.simulator.metric.Family;
import dev.weir.simulator.metric.MetricType;
import dev.weir.simulator.metric.Series;
import dev.weir.simulator.metric.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The exact counts behind what the fleet exposes, as JSON; the module's README describes the shape. */
public final class Truth {
    private static final JsonFactory JSON = new JsonFactory();

    private final Fleet fleet;

    /** The truth about a fleet. */
    public Truth(Fleet fleet) {
        this.fleet = fleet;
    }

    /** Everything now: totals of each pipeline and, unless only these are wanted, of each process there ever was. */
    public byte[] totals(boolean summary) {
        return fleet.look(view -> json(out -> totals(view, summary, out)));
    }

    /**
     * Rates and quantiles of each pipeline over the {@code windowSeconds} until {@code atMs}.
     *
     * @param atMs ms since the epoch, or null for now
     * @throws IllegalArgumentException if the window is not positive or its end lies in the future
     */
    public byte[] rates(double windowSeconds, @Nullable Long atMs) {
        return fleet.look(view -> {
            long at = atMs == null ? (view.epochMicros() + view.nowMicros()) / 1000 : atMs;
            Rates rates = new Rates(view, windowSeconds, at);
            return json(rates::write);
        });
    }

    private static void totals(FleetView view, boolean summary, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeNumberField("now_ms", (view.epochMicros() + view.nowMicros()) / 1000);
        out.writeNumberField("started_ms", view.epochMicros() / 1000);
        out.writeBooleanField("frozen", view.frozen());
        out.writeNumberField("folded_processes", view.folded().count());
        out.writeArrayFieldStart("pipelines");
        for (Workload workload : view.plan().workloads()) {
            pipeline(view, workload, out);
        }
        out.writeEndArray();
        if (!summary) {
            out.writeArrayFieldStart("pods");
            for (ProcessRun run : view.ended()) {
                process(view, run, out);
            }
            for (Slot slot : view.slots()) {
                if (slot.run != null) {
                    process(view, slot.run, out);
                }
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private static void pipeline(FleetView view, Workload workload, JsonGenerator out) throws IOException {
        SeriesTotals sum = new SeriesTotals();
        Map<String, SeriesTotals> served = new TreeMap<>();
        view.folded().addTo(workload, sum, served);
        for (ProcessRun run : view.ended()) {
            add(view, run, workload, sum, served);
        }
        for (Slot slot : view.slots()) {
            if (slot.run != null) {
                add(view, slot.run, workload, sum, served);
            }
        }
        out.writeStartObject();
        workload(workload, out);
        out.writeArrayFieldStart("totals");
        write(sum, out);
        out.writeEndArray();
        out.writeObjectFieldStart("last_served");
        for (Map.Entry<String, SeriesTotals> entry : served.entrySet()) {
            out.writeArrayFieldStart(entry.getKey());
            write(entry.getValue(), out);
            out.writeEndArray();
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void add(
            FleetView view, ProcessRun run, Workload workload, SeriesTotals sum, Map<String, SeriesTotals> served) {
        if (!run.pod.workload.equals(workload)) {
            return;
        }
        sum.add(run.at(view.nowMicros()));
        run.lastServed()
                .forEach((scraper, snapshot) -> served.computeIfAbsent(scraper, name -> new SeriesTotals())
                        .add(snapshot));
    }

    static void workload(Workload workload, JsonGenerator out) throws IOException {
        out.writeStringField("engine", workload.kind().job());
        out.writeStringField("project_id", workload.projectId());
        out.writeStringField("pipeline_name", workload.pipelineName());
        out.writeStringField("deploy_id", Integer.toString(workload.deployId()));
        out.writeStringField("namespace", workload.namespace());
        out.writeStringField("model_name", workload.model());
    }

    private static void process(FleetView view, ProcessRun run, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", run.pod.name);
        workload(run.pod.workload, out);
        out.writeStringField("address", view.plan().host() + ":" + run.pod.port);
        labels("labels", run.pod.labels, out);
        out.writeNumberField("started_ms", (view.epochMicros() + run.startedMicros) / 1000);
        if (run.endedMicros == Pod.ALIVE) {
            out.writeNullField("ended_ms");
        } else {
            out.writeNumberField("ended_ms", (view.epochMicros() + run.endedMicros) / 1000);
        }
        out.writeNumberField("process_start", run.processStartSeconds);
        out.writeArrayFieldStart("series");
        write(run.at(view.nowMicros()), out);
        out.writeEndArray();
        out.writeObjectFieldStart("last_served");
        for (Map.Entry<String, Snapshot> entry : run.lastServed().entrySet()) {
            out.writeObjectFieldStart(entry.getKey());
            out.writeNumberField("at_ms", entry.getValue().epochMs());
            out.writeArrayFieldStart("series");
            write(entry.getValue(), out);
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void write(Snapshot snapshot, JsonGenerator out) throws IOException {
        for (Family family : snapshot.families()) {
            for (Series series : snapshot.series(family)) {
                if (family.type() == MetricType.GAUGE) {
                    out.writeStartObject();
                    heading(family, Snapshot.labels(series), out);
                    out.writeNumberField("value", snapshot.value(series));
                    out.writeEndObject();
                } else {
                    cumulative(family, Snapshot.labels(series), snapshot.raw(series), out);
                }
            }
        }
    }

    private static void write(SeriesTotals totals, JsonGenerator out) throws IOException {
        for (Map.Entry<SeriesTotals.Key, SeriesTotals.Total> entry :
                totals.totals().entrySet()) {
            SeriesTotals.Total total = entry.getValue();
            cumulative(total.family(), entry.getKey().labels(), total.raw(), out);
        }
    }

    private static void cumulative(Family family, Map<String, String> labels, long[] raw, JsonGenerator out)
            throws IOException {
        out.writeStartObject();
        heading(family, labels, out);
        if (family.type() == MetricType.COUNTER) {
            number("value", raw[0], family, out);
        } else {
            long seen = 0;
            double[] bounds = family.bounds();
            if (family.type() == MetricType.HISTOGRAM) {
                out.writeObjectFieldStart("buckets");
                for (int i = 0; i <= bounds.length; i++) {
                    seen += raw[i];
                    out.writeNumberField(i < bounds.length ? Double.toString(bounds[i]) : "+Inf", seen);
                }
                out.writeEndObject();
                nativeBins(family, raw, out);
            } else {
                seen = raw[0];
            }
            out.writeNumberField("count", seen);
            number("sum", raw[raw.length - 1], family, out);
        }
        out.writeEndObject();
    }

    private static void nativeBins(Family family, long[] raw, JsonGenerator out) throws IOException {
        if (!family.hasNative()) {
            return;
        }
        out.writeObjectFieldStart("native_bins");
        for (Map.Entry<Integer, Long> bin : Snapshot.nativeBins(family, raw).entrySet()) {
            out.writeNumberField(bin.getKey().toString(), bin.getValue());
        }
        out.writeEndObject();
    }

    private static void number(String field, long raw, Family family, JsonGenerator out) throws IOException {
        if (family.unitsPerOne() == 1) {
            out.writeNumberField(field, raw);
        } else {
            out.writeNumberField(field, raw / family.unitsPerOne());
        }
    }

    private static void heading(Family family, Map<String, String> labels, JsonGenerator out) throws IOException {
        out.writeStringField("name", family.exposedName());
        out.writeStringField("type", family.type().text());
        labels("labels", labels, out);
    }

    private static void labels(String field, Map<String, String> labels, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart(field);
        for (Map.Entry<String, String> label : labels.entrySet()) {
            out.writeStringField(label.getKey(), label.getValue());
        }
        out.writeEndObject();
    }

    static byte[] json(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            body.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("JSON in memory", e);
        }
        return bytes.toByteArray();
    }

    interface Body {
        void write(JsonGenerator out) throws IOException;
    }
}
