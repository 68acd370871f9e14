package dev.weir.aggregation.report;

import dev.weir.aggregation.state.StateIo;
import dev.weir.series.Labels;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the numbers of a target's reports mean: its group, its cumulative series and its gauges, in the order in which
 * reports have them. Told once, not with every report.
 *
 * <p>A lane never meets a report that it cannot read. Target and lane change what was told by the same records: the target
 * notes in its state that it told a shape when it sends the telling, and that it told nothing when it sends a goodbye; the
 * lane notes both when it receives them and forgets a target for no other reason. The records between a target and its
 * lane stay in order, and Flink restores both states and what was under way between them as of one moment, to whatever
 * subtasks; so in every state that can be restored, what a target has noted is what its lane has noted by the time it has
 * read what is under way. No clock, watermark or expiry has a part in that. A target that goes to another group, and so
 * perhaps to another lane, says goodbye to the former one. Forgetting too much on the target's side is harmless: it tells
 * anew.
 *
 * @param project owner of the target
 * @param group labels of the group
 * @param page text of the page's profile, which says what its families are in the canonical vocabulary; "" for none
 * @param series of which increments are reported
 * @param gauges labels of the values that pass through, each once
 */
public record Telling(String project, Labels group, String page, List<OutputSeries> series, List<Labels> gauges) {
    public Telling {
        series = List.copyOf(series);
        gauges = List.copyOf(gauges);
    }

    /** Identity of the content: the first 64 bits of its SHA-256, never {@link ScrapeReport#NO_SHAPE}. */
    public long shape() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 14);
            write(new DataOutputStream(bytes));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
            long shape = ByteBuffer.wrap(digest).getLong();
            return shape == ScrapeReport.NO_SHAPE ? 1 : shape;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    void write(DataOutput out) throws IOException {
        StateIo.writeString(out, project);
        StateIo.writeLabels(out, group);
        StateIo.writeString(out, page);
        out.writeInt(series.size());
        for (OutputSeries one : series) {
            one.write(out);
        }
        out.writeInt(gauges.size());
        for (Labels gauge : gauges) {
            StateIo.writeLabels(out, gauge);
        }
    }

    static Telling read(DataInput in) throws IOException {
        String project = StateIo.readString(in);
        Labels group = StateIo.readLabels(in);
        String page = StateIo.readString(in);
        List<OutputSeries> series = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            series.add(OutputSeries.read(in));
        }
        List<Labels> gauges = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            gauges.add(StateIo.readLabels(in));
        }
        return new Telling(project, group, page, series, gauges);
    }
}
