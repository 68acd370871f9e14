package dev.weir.aggregation.operator;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The next offset of every partition that was read, over restores, by which a gap shows. State: one line of topic,
 * partition and offset for each, of all subtasks together, since partitions may move between them.
 */
final class ReadOffsets {
    /** A single offset is missing where a producer's transaction ends. */
    private static final long LEAST_GAP = 2;

    private final ListState<String> stored;
    private final Map<String, Long> next = new HashMap<>();

    ReadOffsets(OperatorStateStore store) throws Exception {
        stored = store.getUnionListState(new ListStateDescriptor<>("read-offsets", Types.STRING));
        for (String line : stored.get()) {
            int end = line.lastIndexOf(' ');
            next.merge(line.substring(0, end), Long.parseLong(line.substring(end + 1)), Math::max);
        }
    }

    /** How many offsets are missing before the record, if it comes after what was read; 0 if none. */
    long missingBefore(InboundRecord record) {
        String partition = record.topic() + ' ' + record.partition();
        Long expected = next.put(partition, record.offset() + 1);
        long missing = expected == null ? 0 : record.offset() - expected;
        return missing < LEAST_GAP ? 0 : missing;
    }

    void store() throws Exception {
        stored.clear();
        for (Map.Entry<String, Long> partition : next.entrySet()) {
            stored.add(partition.getKey() + ' ' + partition.getValue());
        }
    }
}
