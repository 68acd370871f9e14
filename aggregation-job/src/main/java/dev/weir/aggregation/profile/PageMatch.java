package dev.weir.aggregation.profile;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.exposition.MetricType;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A page structure's profiles, and what they say besides the canonical families. Immutable. */
public final class PageMatch {
    /** A canonical family that every page of the engine is known to have, and this one has not. */
    public record Missing(Profile profile, CanonicalFamily family) {}

    public static final PageMatch NONE = new PageMatch(PageProfile.NONE, List.of());

    private final PageProfile page;
    private final List<Missing> missing;
    private final Set<String> replicaLabels = new HashSet<>();

    PageMatch(PageProfile page, List<Missing> missing) {
        this.page = page;
        this.missing = List.copyOf(missing);
        page.profiles().forEach(profile -> replicaLabels.addAll(profile.replicaLabels()));
    }

    public PageProfile page() {
        return page;
    }

    public List<Missing> missing() {
        return missing;
    }

    /** Whether the label tells replicas of this engine apart. */
    public boolean isReplicaLabel(String label) {
        return replicaLabels.contains(label);
    }

    /** Type of a family that the page gives none; null if no profile knows it. */
    public @Nullable MetricType typeOf(String family) {
        for (Profile profile : page.profiles()) {
            MetricType type = profile.types().get(family);
            if (type != null) {
                return type;
            }
        }
        return null;
    }

    /** Whether a profile gives types to families without one. */
    public boolean givesTypes() {
        return page.profiles().stream().anyMatch(profile -> !profile.types().isEmpty());
    }

    /** The unit of the family: as its UNIT line has it, else as its HELP line does. */
    public String unit(String help, String unit) {
        if (!unit.isEmpty()) {
            return unit;
        }
        for (Profile profile : page.profiles()) {
            HelpUnits units = profile.helpUnits();
            if (units != null && !units.unitIn(help).isEmpty()) {
                return units.unitIn(help).toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    /** The family's help with the engine's stability before it and the profile's note behind it. */
    public String help(String family, String help) {
        String whole = help;
        for (Profile profile : page.profiles()) {
            String mark = "[" + profile.stability() + "]";
            if (!profile.stability().isEmpty() && profile.isDetectedBy(family) && !whole.contains(mark)) {
                whole = whole.isEmpty() ? mark : mark + " " + whole;
            }
            String note = profile.notes().get(family);
            if (note != null) {
                whole = whole.isEmpty() ? note : whole + " " + note;
            }
        }
        return whole;
    }
}
