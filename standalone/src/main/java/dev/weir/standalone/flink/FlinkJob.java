package dev.weir.standalone.flink;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * One job of the pipeline.
 *
 * @param name the same at every start, by which its state is found
 * @param rules all that it is built from, for {@link Fingerprint}
 */
public record FlinkJob(String name, Object rules, Builder builder) {
    /** Adds the job's operators to an environment. */
    @FunctionalInterface
    public interface Builder {
        void build(StreamExecutionEnvironment env) throws Exception;
    }
}
