package dev.weir.exposition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives each sample to its family. A sample belongs to the family of its own name, else to one whose TYPE line makes it
 * one of that type's samples ({@code x_bucket} to a histogram {@code x}), else to a new family of unknown type. A TYPE
 * line that comes after its samples still takes them.
 */
final class FamilyCollector {
    private static final String[] NO_SUFFIXES = {};
    private static final String[] COUNTER_SUFFIXES = {"_total", "_created"};
    // An OpenMetrics page that is served as text.
    private static final String[] TEXT_COUNTER_SUFFIXES = {"_total"};
    private static final String[] HISTOGRAM_SUFFIXES = {"_bucket", "_count", "_sum", "_created"};
    private static final String[] TEXT_HISTOGRAM_SUFFIXES = {"_bucket", "_count", "_sum"};
    private static final String[] GAUGE_HISTOGRAM_SUFFIXES = {"_bucket", "_gcount", "_gsum", "_count", "_sum"};
    private static final String[] SUMMARY_SUFFIXES = {"_count", "_sum", "_created"};
    private static final String[] TEXT_SUMMARY_SUFFIXES = {"_count", "_sum"};
    private static final String[] INFO_SUFFIXES = {"_info"};

    /** A family while it is read. */
    static final class Draft {
        final String name;
        MetricType type = MetricType.UNKNOWN;
        /** Whether it has a TYPE, HELP or UNIT line. */
        boolean declared;

        boolean typed;

        @Nullable
        String help;

        @Nullable
        String unit;

        final List<Sample> samples = new ArrayList<>(2);

        Draft(String name) {
            this.name = name;
        }
    }

    private final boolean openMetrics;
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final Map<String, Draft> bySampleName = new HashMap<>();
    private int sampleCount;

    FamilyCollector(ExpositionFormat format) {
        this.openMetrics = format == ExpositionFormat.OPENMETRICS_1_0;
    }

    /** The family of that name, if there is one. */
    @Nullable
    Draft find(String name) {
        return drafts.get(name);
    }

    /** The family of that name, made if need be, from now on declared. */
    Draft declare(String name) {
        Draft draft = drafts.computeIfAbsent(name, Draft::new);
        if (!draft.declared) {
            draft.declared = true;
            bySampleName.put(name, draft);
        }
        return draft;
    }

    /** Sets the type, unless an earlier line did, and returns whether the family has samples already. */
    boolean setType(Draft draft, MetricType type) {
        if (draft.type == MetricType.UNKNOWN) {
            draft.type = type;
            for (String suffix : suffixes(type)) {
                adopt(draft, draft.name + suffix);
            }
        }
        draft.typed = true;
        return !draft.samples.isEmpty();
    }

    /** The family of a sample. */
    Draft ownerOf(String sampleName) {
        Draft owner = bySampleName.get(sampleName);
        if (owner == null) {
            owner = resolve(sampleName);
            bySampleName.put(sampleName, owner);
        }
        return owner;
    }

    int add(Draft draft, Sample sample) {
        draft.samples.add(sample);
        return ++sampleCount;
    }

    Exposition build() {
        List<MetricFamily> families = new ArrayList<>(drafts.size());
        for (Draft draft : drafts.values()) {
            if (draft.declared || !draft.samples.isEmpty()) {
                families.add(new MetricFamily(
                        draft.name,
                        draft.type,
                        draft.help == null ? "" : draft.help,
                        draft.unit == null ? "" : draft.unit,
                        draft.samples));
            }
        }
        return new Exposition(families);
    }

    private Draft resolve(String sampleName) {
        Draft exact = drafts.get(sampleName);
        if (exact != null) {
            return exact;
        }
        int underscore = sampleName.lastIndexOf('_');
        if (underscore > 0) {
            Draft base = drafts.get(sampleName.substring(0, underscore));
            if (base != null) {
                String suffix = sampleName.substring(underscore);
                for (String candidate : suffixes(base.type)) {
                    if (candidate.equals(suffix)) {
                        return base;
                    }
                }
            }
        }
        Draft created = new Draft(sampleName);
        drafts.put(sampleName, created);
        return created;
    }

    private void adopt(Draft draft, String sampleName) {
        Draft former = bySampleName.get(sampleName);
        if (former != null && !former.declared) {
            draft.samples.addAll(former.samples);
            drafts.remove(former.name);
            bySampleName.put(sampleName, draft);
        }
    }

    private String[] suffixes(MetricType type) {
        return switch (type) {
            case COUNTER -> openMetrics ? COUNTER_SUFFIXES : TEXT_COUNTER_SUFFIXES;
            case HISTOGRAM -> openMetrics ? HISTOGRAM_SUFFIXES : TEXT_HISTOGRAM_SUFFIXES;
            case GAUGE_HISTOGRAM -> GAUGE_HISTOGRAM_SUFFIXES;
            case SUMMARY -> openMetrics ? SUMMARY_SUFFIXES : TEXT_SUMMARY_SUFFIXES;
            case INFO -> INFO_SUFFIXES;
            case GAUGE, STATESET, UNKNOWN -> NO_SUFFIXES;
        };
    }
}
