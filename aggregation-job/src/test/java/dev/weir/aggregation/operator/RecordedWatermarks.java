package dev.weir.aggregation.operator;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;

/** What a watermark generator said, a line each: milliseconds, {@code idle} or {@code active}. */
final class RecordedWatermarks implements WatermarkOutput {
    final List<String> lines = new ArrayList<>();

    @Override
    public void emitWatermark(Watermark watermark) {
        lines.add(Long.toString(watermark.getTimestamp()));
    }

    @Override
    public void markIdle() {
        lines.add("idle");
    }

    @Override
    public void markActive() {
        lines.add("active");
    }
}
