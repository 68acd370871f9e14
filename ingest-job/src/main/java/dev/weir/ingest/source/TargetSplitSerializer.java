package dev.weir.ingest.source;

import dev.weir.ingest.discovery.Target;
import dev.weir.series.Labels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Splits on their way to readers; a checkpoint never holds one longer than it takes to assign it. */
final class TargetSplitSerializer implements SimpleVersionedSerializer<TargetSplit> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(TargetSplit split) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        Target target = split.target();
        StateBytes.writeText(out, target.project());
        StateBytes.writeText(out, target.job());
        StateBytes.writeText(out, target.url());
        out.writeInt(target.labels().size());
        for (Map.Entry<String, String> label : target.labels().toMap().entrySet()) {
            StateBytes.writeText(out, label.getKey());
            StateBytes.writeText(out, label.getValue());
        }
        out.writeLong(target.intervalMs());
        out.writeLong(target.timeoutMs());
        StateBytes.writeText(out, split.scraperId());
        out.writeLong(split.watchedSinceMs());
        return bytes.toByteArray();
    }

    @Override
    public TargetSplit deserialize(int version, byte[] serialized) throws IOException {
        if (version != VERSION) {
            throw new IOException("split version " + version + " (expected: " + VERSION + ")");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
        String project = StateBytes.readText(in);
        String job = StateBytes.readText(in);
        String url = StateBytes.readText(in);
        Labels.Builder labels = Labels.builder();
        for (int left = in.readInt(); left > 0; left--) {
            labels.set(StateBytes.readText(in), StateBytes.readText(in));
        }
        Target target = new Target(project, job, url, labels.build(), in.readLong(), in.readLong());
        return new TargetSplit(target, StateBytes.readText(in), in.readLong());
    }
}
