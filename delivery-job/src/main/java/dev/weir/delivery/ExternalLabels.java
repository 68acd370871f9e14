package dev.weir.delivery;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.Labels;
import java.util.TreeMap;

/** Adds labels to every series that lacks them, as Prometheus does on its way out; a series' own label stays. */
record ExternalLabels(Labels labels) {
    /**
     * The record with the labels added; itself if there are none to add.
     *
     * @throws InvalidProtocolBufferException if its value is no write request
     */
    SeriesRecord addTo(SeriesRecord record) throws InvalidProtocolBufferException {
        if (labels.isEmpty()) {
            return record;
        }
        WriteRequest.Builder request = WriteRequest.newBuilder().mergeFrom(record.value());
        for (TimeSeries.Builder series : request.getTimeseriesBuilderList()) {
            TreeMap<String, String> merged = new TreeMap<>(Labels.BYTE_ORDER);
            labels.forEach(merged::put);
            for (Label label : series.getLabelsList()) {
                merged.put(label.getName(), label.getValue());
            }
            series.clearLabels();
            merged.forEach((name, value) ->
                    series.addLabels(Label.newBuilder().setName(name).setValue(value)));
        }
        return new SeriesRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.appendTimeMs(),
                record.key(),
                request.build().toByteArray());
    }
}
