package dev.weir.aggregation.operator;

import dev.weir.aggregation.state.EntryChanges;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

/** The entries of the present key's lane, as Flink keeps them. */
final class EntryState {
    private static final String NAME = "lane-entries";

    private final KeyedStateBackend<Integer> backend;
    private final MapState<String, byte[]> entries;

    EntryState(KeyedStateBackend<Integer> backend) throws Exception {
        this.backend = backend;
        this.entries = backend.getPartitionedState(
                VoidNamespace.INSTANCE,
                VoidNamespaceSerializer.INSTANCE,
                new MapStateDescriptor<>(NAME, BinarySerializer.OfName.INSTANCE, BinarySerializer.OfEntry.INSTANCE));
    }

    /** The keys that have entries. */
    List<Integer> keys() {
        try (Stream<Integer> keys = backend.getKeys(NAME, VoidNamespace.INSTANCE)) {
            return keys.distinct().toList();
        }
    }

    Map<String, byte[]> all() throws Exception {
        Map<String, byte[]> all = new HashMap<>();
        for (Map.Entry<String, byte[]> entry : entries.entries()) {
            all.put(entry.getKey(), entry.getValue());
        }
        return all;
    }

    void apply(EntryChanges changes) throws Exception {
        for (Map.Entry<String, byte[]> put : changes.stored().entrySet()) {
            entries.put(put.getKey(), put.getValue());
        }
        for (String name : changes.removed()) {
            entries.remove(name);
        }
    }
}
