package dev.weir.aggregation.request;

import dev.weir.aggregation.sketch.Sketch;
import dev.weir.aggregation.state.StateIo;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What one request means for its group.
 *
 * @param id a hash of project and request_id
 * @param group labels of all its series, {@code project_id} included
 * @param appendMs broker time
 * @param failed whether it ended in an error
 * @param inputTokens or {@link #UNKNOWN}, as the other tokens
 * @param durationSeconds NaN if it is not counted, as the other times
 * @param interTokenSeconds null if the times of its tokens are not known
 */
public record RequestReport(
        long id,
        String project,
        Labels group,
        long appendMs,
        boolean failed,
        long inputTokens,
        long cachedInputTokens,
        long outputTokens,
        double durationSeconds,
        double timeToFirstTokenSeconds,
        double timePerOutputTokenSeconds,
        @Nullable Sketch interTokenSeconds) {
    public static final long UNKNOWN = -1;

    public void write(DataOutput out) throws IOException {
        out.writeLong(id);
        StateIo.writeString(out, project);
        StateIo.writeLabels(out, group);
        out.writeLong(appendMs);
        out.writeBoolean(failed);
        out.writeLong(inputTokens);
        out.writeLong(cachedInputTokens);
        out.writeLong(outputTokens);
        out.writeDouble(durationSeconds);
        out.writeDouble(timeToFirstTokenSeconds);
        out.writeDouble(timePerOutputTokenSeconds);
        out.writeBoolean(interTokenSeconds != null);
        if (interTokenSeconds != null) {
            interTokenSeconds.write(out);
        }
    }

    public static RequestReport read(DataInput in) throws IOException {
        return new RequestReport(
                in.readLong(),
                StateIo.readString(in),
                StateIo.readLabels(in),
                in.readLong(),
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readBoolean() ? Sketch.read(in) : null);
    }
}
