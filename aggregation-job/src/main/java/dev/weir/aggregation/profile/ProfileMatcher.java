package dev.weir.aggregation.profile;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.aggregation.canonical.Vantage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds the profiles of pages. Remembers what it found for up to {@link #MAX_STRUCTURES} page structures, so that a page of
 * a known structure costs one look-up. Not safe for use by several threads.
 */
public final class ProfileMatcher {
    static final int MAX_STRUCTURES = 1_024;

    /** Larger structures, which no engine has, are looked at anew each time. */
    static final int MAX_FAMILIES = 10_000;

    private final Profiles profiles;
    private final Map<List<PageFamily>, PageMatch> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<PageFamily>, PageMatch> eldest) {
            return size() > MAX_STRUCTURES;
        }
    };

    public ProfileMatcher(Profiles profiles) {
        this.profiles = profiles;
    }

    /** What the profiles say of a page that has these families. */
    public PageMatch match(List<PageFamily> families) {
        PageMatch match = known.get(families);
        if (match == null) {
            match = find(families);
            if (families.size() <= MAX_FAMILIES) {
                known.put(List.copyOf(families), match);
            }
        }
        return match;
    }

    private PageMatch find(List<PageFamily> families) {
        Set<String> declared = new HashSet<>();
        Map<String, String> filled = new TreeMap<>();
        for (PageFamily family : families) {
            declared.add(family.name());
            if (family.hasSeries()) {
                filled.put(family.name(), family.help());
            }
        }
        List<PageProfile.Chosen> chosen = new ArrayList<>();
        List<PageMatch.Missing> missing = new ArrayList<>();
        Map<Vantage, Set<CanonicalFamily>> taken = new LinkedHashMap<>();
        for (Profile profile : profiles.all()) {
            if (families.stream().noneMatch(family -> profile.isDetectedBy(family.name()))) {
                continue;
            }
            Set<CanonicalFamily> before = taken.computeIfAbsent(profile.vantage(), key -> new HashSet<>());
            chosen.add(new PageProfile.Chosen(
                    profile, choices(profile, before, filled.keySet()), scales(profile, filled)));
            for (CanonicalRule rule : profile.rules()) {
                if (rule.required() && choice(rule, declared) < 0) {
                    missing.add(new PageMatch.Missing(profile, rule.family()));
                }
            }
        }
        return new PageMatch(new PageProfile(chosen), missing);
    }

    private static List<Integer> choices(Profile profile, Set<CanonicalFamily> taken, Set<String> filled) {
        List<Integer> choices = new ArrayList<>();
        Set<CanonicalFamily> chosen = new HashSet<>();
        for (CanonicalRule rule : profile.rules()) {
            int choice = taken.contains(rule.family()) ? -1 : choice(rule, filled);
            choices.add(choice);
            if (choice >= 0) {
                chosen.add(rule.family());
            }
        }
        taken.addAll(chosen);
        return choices;
    }

    private static int choice(CanonicalRule rule, Set<String> present) {
        for (int i = 0; i < rule.alternatives().size(); i++) {
            if (rule.alternatives().get(i).stream().allMatch(source -> present.contains(source.family()))) {
                return i;
            }
        }
        return -1;
    }

    /** Where HELP tells another unit than the profile's scale takes for granted. */
    private static Map<String, Double> scales(Profile profile, Map<String, String> filled) {
        Map<String, Double> scales = new TreeMap<>();
        HelpUnits units = profile.helpUnits();
        if (units == null) {
            return scales;
        }
        for (CanonicalRule rule : profile.rules()) {
            rule.alternatives().stream().flatMap(List::stream).forEach(source -> {
                String help = filled.get(source.family());
                double scale = help == null ? source.scale() : units.scale(help, source.scale());
                if (scale != source.scale()) {
                    scales.put(source.family(), scale);
                }
            });
        }
        return scales;
    }
}
