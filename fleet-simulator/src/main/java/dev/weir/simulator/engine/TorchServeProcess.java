package dev.weir.simulator.engine;

import dev.weir.simulator.metric.Exposition;
import dev.weir.simulator.metric.Family;
import dev.weir.simulator.metric.Family.Options;
import dev.weir.simulator.metric.MetricType;
import dev.weir.simulator.metric.Series;

/**
 * TorchServe in {@code metrics_mode=prometheus}. Its gauges of time hold the last request only; latencies are counters of
 * microseconds; a family is announced before it has any series; nothing tells when the process started.
 */
final class TorchServeProcess extends CompletionEngine {
    private static final double NANOS_PER_MICRO = 1000;
    private static final String VERSION = "default";
    private static final double GPU_MEGABYTES = 15_360;

    private final String host;
    private final String[] models;
    private final Family[] responses = new Family[3];
    private final Family handlerTime;
    private final Family predictionTime;
    private final Family requests;
    private final Family inferenceLatency;
    private final Family queueLatency;
    private final Series queueTime;
    private final Series workerThreadTime;
    private final Series cpuUtilization;
    private final Series memoryUsed;
    private final Series memoryAvailable;
    private final Series memoryUtilization;
    private final Series gpuUtilization;
    private final Series gpuMemoryUsed;
    private final Series gpuMemoryUtilization;

    TorchServeProcess(EngineStart start) {
        super(start, false);
        host = start.host();
        models = new String[] {start.model(), "densenet161"};
        responses[2] = family(MetricType.COUNTER, "Requests5XX", "Count", "Level", "Hostname");
        handlerTime = family(MetricType.GAUGE, "HandlerTime", "ms", "ModelName", "Level", "Hostname");
        requests = perModel("ts_inference_requests_total", "Count", 1);
        predictionTime = family(MetricType.GAUGE, "PredictionTime", "ms", "ModelName", "Level", "Hostname");
        memoryUtilization = host("MemoryUtilization", "Percent");
        cpuUtilization = host("CPUUtilization", "Percent");
        responses[0] = family(MetricType.COUNTER, "Requests2XX", "Count", "Level", "Hostname");
        responses[1] = family(MetricType.COUNTER, "Requests4XX", "Count", "Level", "Hostname");
        Family loadTime = family(MetricType.GAUGE, "WorkerLoadTime", "Milliseconds", "WorkerName", "Level", "Hostname");
        for (int i = 0; i < models.length; i++) {
            loadTime.with(0, "W-" + (9000 + i) + "-" + models[i] + "_1.0", "Host", host)
                    .set(11_992 + 67.0 * i);
        }
        gpuMemoryUtilization = gpu("GPUMemoryUtilization", "Percent");
        memoryUsed = host("MemoryUsed", "Megabytes");
        memoryAvailable = host("MemoryAvailable", "Megabytes");
        host("DiskAvailable", "Gigabytes").set(107.06270599365234);
        queueTime = host("QueueTime", "Milliseconds");
        queueLatency = perModel("ts_queue_latency_microseconds", "Microseconds", NANOS_PER_MICRO);
        gpuUtilization = gpu("GPUUtilization", "Percent");
        workerThreadTime = host("WorkerThreadTime", "Milliseconds");
        gpuMemoryUsed = gpu("GPUMemoryUsed", "Megabytes");
        inferenceLatency = perModel("ts_inference_latency_microseconds", "Microseconds", NANOS_PER_MICRO);
        host("DiskUtilization", "Percent").set(55.2);
        host("DiskUsage", "Gigabytes").set(131.79601669311523);
    }

    @Override
    public Exposition exposition(String accept) {
        return Exposition.JAVA_SIMPLECLIENT;
    }

    @Override
    long durationMicros(long index) {
        return (queueNanos(index) + inferenceNanos(index)) / 1000;
    }

    @Override
    void finished(long index, long atMicros) {
        double outcome = draws.uniform(2, index);
        int status = outcome < 0.985 ? 0 : outcome < 0.996 ? 1 : 2;
        responses[status].with(0, "Host", host).add(1);
        if (status == 1) {
            // Turned away before any model sees it.
            return;
        }
        String model = models[draws.uniform(3, index) < 0.8 ? 0 : 1];
        long queue = queueNanos(index);
        long inference = inferenceNanos(index);
        requests.with(0, model, VERSION, host).add(1);
        queueLatency.with(0, model, VERSION, host).add(queue);
        inferenceLatency.with(0, model, VERSION, host).add(queue + inference);
        handlerTime.with(0, model, "Model", host).set(hundredths(inference * 0.96));
        predictionTime.with(0, model, "Model", host).set(hundredths((double) inference));
        queueTime.set((double) Math.floorDiv(queue, 1_000_000L));
        workerThreadTime.set(1.0 + Math.floorDiv(index, 7L) % 4);
        observations().requests().add(atMicros, 1);
        observations().inferences().add(atMicros, 1);
        observations().latency().add(atMicros, (queue + inference) / 1000);
    }

    @Override
    void refresh(long micros) {
        double load = start.curve().rate(micros) / 60;
        double used = 8245.62109375 + micros / 1_000_000 % 300;
        cpuUtilization.set(Math.min(100, Math.round(1000 * load) / 10.0));
        memoryUsed.set(used);
        memoryAvailable.set(31374.44921875 - used);
        memoryUtilization.set(Math.round(1000 * used / 31374.44921875) / 10.0);
        double gpuUsed = 3_870 + 16.0 * (double) (micros / 5_000_000 % 12);
        gpuUtilization.set(Math.min(100, Math.rint(60 * load)));
        gpuMemoryUsed.set(gpuUsed);
        gpuMemoryUtilization.set(Math.round(1000 * gpuUsed / GPU_MEGABYTES) / 10.0);
    }

    private long queueNanos(long index) {
        return draws.logNormal(0, index, 220_000, 1.0, 20_000, 10_000_000_000L);
    }

    private long inferenceNanos(long index) {
        return draws.logNormal(1, index, 34_000_000, 0.4, 1_000_000, 60_000_000_000L);
    }

    private static double hundredths(double nanos) {
        return Math.round(nanos / 10_000) / 100.0;
    }

    private Family perModel(String name, String unit, double unitsPerOne) {
        Options labels =
                Options.none().labels("model_name", "model_version", "hostname").units(unitsPerOne);
        return metrics.register(MetricType.COUNTER, name, help(MetricType.COUNTER, unit), labels);
    }

    private Series host(String name, String unit) {
        return family(MetricType.GAUGE, name, unit, "Level", "Hostname").with(0, "Host", host);
    }

    private Series gpu(String name, String unit) {
        return family(MetricType.GAUGE, name, unit, "Level", "DeviceId", "Hostname")
                .with(0, "Host", "0", host);
    }

    private Family family(MetricType type, String name, String unit, String... labels) {
        return metrics.register(type, name, help(type, unit), Options.none().labels(labels));
    }

    private static String help(MetricType type, String unit) {
        return "Torchserve prometheus " + type.text() + " metric with unit: " + unit;
    }
}
