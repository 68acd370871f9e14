package dev.weir.aggregation.scrape;

import dev.weir.configuration.ScrapeLimits;
import dev.weir.configuration.relabel.RelabelRule;
import dev.weir.exposition.Exposition;
import dev.weir.exposition.ExpositionException;
import dev.weir.exposition.ExpositionFormat;
import dev.weir.exposition.MetricFamily;
import dev.weir.exposition.MetricType;
import dev.weir.exposition.Sample;
import dev.weir.exposition.layout.NumberedPage;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.series.Labels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** From an event's bytes to the lines of its page, within the job's limits and after its relabelling. */
final class BodyReader {
    /** A body may not be larger, unpacked. */
    static final int MAX_BODY_BYTES = 256 << 20;

    /** A scrape may not have more samples after relabelling, whatever its job's {@code sample_limit}. */
    static final int MAX_SAMPLES = 1_000_000;

    private BodyReader() {}

    /** The body as the target sent it. */
    static ByteBuffer unpack(ScrapeEvent event) throws RejectedScrapeException {
        switch (event.getContentEncoding()) {
            case "", "identity" -> {
                return event.getBody();
            }
            case "gzip" -> {
                return ByteBuffer.wrap(gunzip(event.getBody()));
            }
            default ->
                throw new RejectedScrapeException(
                        "content_encoding: " + event.getContentEncoding() + " (expected: empty or gzip)");
        }
    }

    static NumberedPage parse(ScrapeEvent event, ByteBuffer body, ExpositionFormat fallback)
            throws RejectedScrapeException {
        try {
            return NumberedPage.parse(
                    body.array(),
                    body.arrayOffset() + body.position(),
                    body.remaining(),
                    ExpositionFormat.ofContentType(event.getContentType(), fallback));
        } catch (ExpositionException e) {
            throw new RejectedScrapeException(
                    "body of content type \"" + event.getContentType() + "\": " + e.getMessage(), e);
        }
    }

    private static byte[] gunzip(ByteBuffer packed) throws RejectedScrapeException {
        InputStream bytes =
                new ByteArrayInputStream(packed.array(), packed.arrayOffset() + packed.position(), packed.remaining());
        try (InputStream in = new GZIPInputStream(bytes, 1 << 16)) {
            byte[] unpacked = in.readNBytes(MAX_BODY_BYTES);
            if (in.read() >= 0) {
                throw new RejectedScrapeException(
                        "body: more than " + MAX_BODY_BYTES + " bytes unpacked (expected: at most that)");
            }
            return unpacked;
        } catch (IOException e) {
            throw new RejectedScrapeException("body: damaged gzip: " + e.getMessage(), e);
        }
    }

    /**
     * The families with the target's labels merged in and {@code metric_relabel_configs} applied sample by sample. A
     * sample that was renamed belongs to the family of its new name less the suffix it had.
     */
    static Exposition relabel(Exposition exposition, TargetLabels labels, List<RelabelRule> rules) {
        Map<String, MetricFamily> families = new LinkedHashMap<>();
        for (MetricFamily family : exposition.families()) {
            Map<String, List<Sample>> byFamily = new LinkedHashMap<>();
            for (Sample sample : family.samples()) {
                Labels before = labels.merge(sample.labels()).toBuilder()
                        .set(Labels.METRIC_NAME, sample.name())
                        .build();
                Labels after = RelabelRule.apply(rules, before);
                if (after == null || after.metricName().isEmpty()) {
                    continue;
                }
                String name = after.metricName();
                String suffix = sample.name().startsWith(family.name())
                        ? sample.name().substring(family.name().length())
                        : "";
                String familyName = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
                byFamily.computeIfAbsent(familyName, key -> new ArrayList<>())
                        .add(sample.relabelled(name, after.filter(label -> !label.equals(Labels.METRIC_NAME))));
            }
            byFamily.forEach((name, samples) -> families.merge(
                    name,
                    new MetricFamily(name, family.type(), family.help(), family.unit(), samples),
                    BodyReader::join));
        }
        return new Exposition(new ArrayList<>(families.values()));
    }

    private static MetricFamily join(MetricFamily first, MetricFamily second) {
        List<Sample> samples = new ArrayList<>(first.samples());
        samples.addAll(second.samples());
        MetricType type = first.type() == second.type() ? first.type() : MetricType.UNKNOWN;
        return new MetricFamily(first.name(), type, first.help(), first.unit(), samples);
    }

    /** Holds a scrape against its job's limits, as Prometheus does: beyond one of them the whole scrape fails. */
    static void check(ScrapeLimits limits, Exposition exposition, int addedLabels) throws RejectedScrapeException {
        int samples = exposition.sampleCount();
        if (limits.samples() > 0 && samples > limits.samples()) {
            throw new RejectedScrapeException(
                    "samples: " + samples + " (expected: at most sample_limit " + limits.samples() + ")");
        }
        if (samples > MAX_SAMPLES) {
            throw new RejectedScrapeException("samples: " + samples + " (expected: at most " + MAX_SAMPLES + ")");
        }
        if (limits.labels() <= 0 && limits.labelNameLength() <= 0 && limits.labelValueLength() <= 0) {
            return;
        }
        for (MetricFamily family : exposition.families()) {
            for (Sample sample : family.samples()) {
                check(limits, sample, addedLabels);
            }
        }
    }

    private static void check(ScrapeLimits limits, Sample sample, int addedLabels) throws RejectedScrapeException {
        int count = sample.labels().size() + 1 + addedLabels;
        if (limits.labels() > 0 && count > limits.labels()) {
            throw new RejectedScrapeException("labels of " + sample.name() + ": " + count
                    + " (expected: at most label_limit " + limits.labels() + ")");
        }
        for (int i = 0; i < sample.labels().size(); i++) {
            String name = sample.labels().name(i);
            int nameBytes = name.getBytes(StandardCharsets.UTF_8).length;
            if (limits.labelNameLength() > 0 && nameBytes > limits.labelNameLength()) {
                throw new RejectedScrapeException("label name " + name + " of " + sample.name() + ": " + nameBytes
                        + " bytes (expected: at most label_name_length_limit " + limits.labelNameLength() + ")");
            }
            int valueBytes = sample.labels().value(i).getBytes(StandardCharsets.UTF_8).length;
            if (limits.labelValueLength() > 0 && valueBytes > limits.labelValueLength()) {
                throw new RejectedScrapeException("label " + name + " of " + sample.name() + ": " + valueBytes
                        + " bytes (expected: at most label_value_length_limit " + limits.labelValueLength() + ")");
            }
        }
    }
}
