package dev.weir.delivery;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.MetricMetadata;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The parts of a write request that must not be split further: a classic histogram with all its buckets, count and sum,
 * or any other single series.
 *
 * <p>Series belong to one histogram if they share all labels but {@code le} and their names differ only in
 * {@code _bucket}, {@code _count} and {@code _sum}, one of them being {@code _bucket}.
 */
final class SeriesUnits {
    private static final String NAME = "__name__";
    private static final String BUCKET = "_bucket";
    private static final List<String> SUFFIXES = List.of(BUCKET, "_count", "_sum");

    private SeriesUnits() {}

    /**
     * The units of an encoded request, in order of their first series, each with the metadata of its family.
     *
     * @throws InvalidProtocolBufferException if the bytes are no write request
     */
    static List<WriteRequest> of(byte[] writeRequest) throws InvalidProtocolBufferException {
        WriteRequest request = WriteRequest.parseFrom(writeRequest);
        Set<String> histograms = new HashSet<>();
        for (TimeSeries series : request.getTimeseriesList()) {
            String name = nameOf(series);
            if (name.endsWith(BUCKET)) {
                histograms.add(keyOf(series, name.substring(0, name.length() - BUCKET.length())));
            }
        }
        Map<String, WriteRequest.Builder> units = new LinkedHashMap<>();
        Map<String, List<WriteRequest.Builder>> unitsOfFamily = new LinkedHashMap<>();
        for (TimeSeries series : request.getTimeseriesList()) {
            String family = familyOf(series, histograms);
            String key = keyOf(series, family);
            WriteRequest.Builder unit = units.computeIfAbsent(
                    histograms.contains(key) ? "histogram " + key : "series " + series.getLabelsList() + units.size(),
                    k -> {
                        WriteRequest.Builder created = WriteRequest.newBuilder();
                        unitsOfFamily
                                .computeIfAbsent(family, f -> new ArrayList<>())
                                .add(created);
                        return created;
                    });
            unit.addTimeseries(series);
        }
        for (MetricMetadata metadata : request.getMetadataList()) {
            unitsOfFamily
                    .getOrDefault(metadata.getMetricFamilyName(), List.of())
                    .forEach(unit -> unit.addMetadata(metadata));
        }
        return units.values().stream().map(WriteRequest.Builder::build).toList();
    }

    /** One request of several units, in their order. */
    static byte[] merge(Collection<WriteRequest> units) {
        WriteRequest.Builder merged = WriteRequest.newBuilder();
        Set<MetricMetadata> metadata = new HashSet<>();
        for (WriteRequest unit : units) {
            merged.addAllTimeseries(unit.getTimeseriesList());
            unit.getMetadataList().stream().filter(metadata::add).forEach(merged::addMetadata);
        }
        return merged.build().toByteArray();
    }

    /** Whether an encoded write request holds one. */
    static boolean hasNativeHistograms(byte[] writeRequest) throws InvalidProtocolBufferException {
        return WriteRequest.parseFrom(writeRequest).getTimeseriesList().stream()
                .anyMatch(series -> series.getHistogramsCount() > 0);
    }

    /** The request less its native histograms, and less series that hold nothing else. */
    static WriteRequest withoutNativeHistograms(WriteRequest request) {
        WriteRequest.Builder others = request.toBuilder().clearTimeseries();
        for (TimeSeries series : request.getTimeseriesList()) {
            if (series.getHistogramsCount() == 0) {
                others.addTimeseries(series);
            } else if (series.getSamplesCount() > 0) {
                others.addTimeseries(series.toBuilder().clearHistograms());
            }
        }
        return others.build();
    }

    /** A unit in words: its first series' labels, as PromQL would write them. */
    static String describe(WriteRequest unit) {
        if (unit.getTimeseriesCount() == 0) {
            return "{}";
        }
        StringBuilder text = new StringBuilder("{");
        for (Label label : unit.getTimeseries(0).getLabelsList()) {
            text.append(text.length() > 1 ? ", " : "").append(label.getName());
            text.append("=\"").append(label.getValue()).append('"');
        }
        text.append('}');
        int more = unit.getTimeseriesCount() - 1;
        return more == 0 ? text.toString() : text + " and " + more + " more series of the same histogram";
    }

    private static String familyOf(TimeSeries series, Set<String> histograms) {
        String name = nameOf(series);
        for (String suffix : SUFFIXES) {
            if (name.endsWith(suffix)) {
                String base = name.substring(0, name.length() - suffix.length());
                if (histograms.contains(keyOf(series, base))) {
                    return base;
                }
            }
        }
        return name;
    }

    private static String nameOf(TimeSeries series) {
        for (Label label : series.getLabelsList()) {
            if (label.getName().equals(NAME)) {
                return label.getValue();
            }
        }
        return "";
    }

    private static String keyOf(TimeSeries series, String family) {
        StringBuilder key = new StringBuilder(family);
        for (Label label : series.getLabelsList()) {
            if (!label.getName().equals(NAME) && !label.getName().equals("le")) {
                key.append('\0').append(label.getName()).append('\1').append(label.getValue());
            }
        }
        return key.toString();
    }
}
