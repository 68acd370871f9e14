package dev.weir.ingest.source;

import dev.weir.ingest.source.EnumeratorState.WatchedJob;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Version 1: scraper id, number of jobs, then each job's name, start of watch and rules. A later version reads all earlier. */
final class EnumeratorStateSerializer implements SimpleVersionedSerializer<EnumeratorState> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(EnumeratorState state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        StateBytes.writeText(out, state.scraperId());
        out.writeInt(state.jobs().size());
        for (Map.Entry<String, WatchedJob> job : new TreeMap<>(state.jobs()).entrySet()) {
            StateBytes.writeText(out, job.getKey());
            out.writeLong(job.getValue().sinceMs());
            StateBytes.writeText(out, job.getValue().rules());
        }
        return bytes.toByteArray();
    }

    @Override
    public EnumeratorState deserialize(int version, byte[] serialized) throws IOException {
        if (version != VERSION) {
            throw new IOException("enumerator state version " + version + " (expected: " + VERSION + ")");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
        String scraperId = StateBytes.readText(in);
        Map<String, WatchedJob> jobs = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = StateBytes.readText(in);
            jobs.put(name, new WatchedJob(in.readLong(), StateBytes.readText(in)));
        }
        return new EnumeratorState(scraperId, jobs);
    }
}
