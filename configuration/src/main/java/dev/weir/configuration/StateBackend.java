package dev.weir.configuration;

import java.util.Map;

/** Where jobs keep what they know of targets between two scrapes. */
public enum StateBackend {
    /** On the heap: fastest, and checkpoints are written whole. For what fits into memory. */
    HEAP(Map.of("state.backend.type", "hashmap", "execution.checkpointing.incremental", "false")),
    /** In RocksDB, on local disk: more state than memory, and checkpoints write what changed. */
    ROCKSDB(Map.of("state.backend.type", "rocksdb", "execution.checkpointing.incremental", "true"));

    /** By the word that {@code flink.state_backend} has for each. */
    static final Map<String, StateBackend> WORDS = Map.of("heap", HEAP, "rocksdb", ROCKSDB);

    private final Map<String, String> flinkOptions;

    StateBackend(Map<String, String> flinkOptions) {
        this.flinkOptions = flinkOptions;
    }

    /** Flink's options for it. */
    public Map<String, String> flinkOptions() {
        return flinkOptions;
    }
}
