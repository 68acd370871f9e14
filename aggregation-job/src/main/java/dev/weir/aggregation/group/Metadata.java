package dev.weir.aggregation.group;

import dev.weir.aggregation.report.FamilyInfo;
import dev.weir.schemas.remotewrite.MetricMetadata;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The metadata of a group's families: written when it changes, and anew by every new attempt of the job. */
final class Metadata {
    /** Most families whose metadata is remembered; beyond it all are written anew. */
    private static final int MAX_FAMILIES = 10_000;

    /** As it was last written. */
    private final Map<String, FamilyInfo> families = new HashMap<>();

    private final List<FamilyInfo> unwritten = new ArrayList<>();

    void take(List<FamilyInfo> told) {
        if (families.size() > MAX_FAMILIES) {
            families.clear();
        }
        for (FamilyInfo family : told) {
            if (!family.equals(families.put(family.name(), family))) {
                unwritten.add(family);
            }
        }
    }

    /** What is to be written now. */
    List<MetricMetadata> drain() {
        if (unwritten.isEmpty()) {
            return List.of();
        }
        List<MetricMetadata> metadata = new ArrayList<>();
        for (FamilyInfo family : unwritten) {
            metadata.add(MetricMetadata.newBuilder()
                    .setTypeValue(family.type())
                    .setMetricFamilyName(family.name())
                    .setHelp(family.help())
                    .setUnit(family.unit())
                    .build());
        }
        unwritten.clear();
        return metadata;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(unwritten.size());
        for (FamilyInfo family : unwritten) {
            family.write(out);
        }
    }

    /** Reads what was written, into metadata that is still empty. */
    void read(DataInput in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            FamilyInfo family = FamilyInfo.read(in);
            families.put(family.name(), family);
            unwritten.add(family);
        }
    }
}
