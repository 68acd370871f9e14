package dev.weir.aggregation.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What the profiles say of one page structure: which of its families count for which canonical ones. Immutable; two of
 * equal {@link #text} mean the same, so that a report carries the text only.
 */
public final class PageProfile {
    /** Of a page that no profile knows, and of a failed scrape. */
    public static final PageProfile NONE = new PageProfile(List.of());

    /**
     * @param choices per rule of the profile the alternative that counts, or -1
     * @param scales per family what its HELP line says in place of the profile's scale
     */
    record Chosen(Profile profile, List<Integer> choices, Map<String, Double> scales) {}

    private final String text;
    private final List<Profile> profiles;
    private final Map<String, List<Mapping>> mappings = new HashMap<>();

    PageProfile(List<Chosen> chosen) {
        StringJoiner all = new StringJoiner(";");
        List<Profile> present = new ArrayList<>();
        for (Chosen one : chosen) {
            present.add(one.profile());
            all.add(text(one));
            map(one);
        }
        this.text = all.toString();
        this.profiles = List.copyOf(present);
    }

    private void map(Chosen one) {
        for (int i = 0; i < one.choices().size(); i++) {
            if (one.choices().get(i) < 0) {
                continue;
            }
            CanonicalRule rule = one.profile().rules().get(i);
            for (Source source : rule.alternatives().get(one.choices().get(i))) {
                double scale = one.scales().getOrDefault(source.family(), source.scale());
                mappings.computeIfAbsent(source.family(), key -> new ArrayList<>())
                        .add(new Mapping(one.profile(), rule.family(), rule.aggregation(), source, scale));
            }
        }
    }

    private static String text(Chosen one) {
        StringBuilder text = new StringBuilder(one.profile().name()).append(' ');
        for (int choice : one.choices()) {
            text.append(choice).append(',');
        }
        one.scales()
                .forEach((family, scale) ->
                        text.append(' ').append(family).append('=').append(scale));
        return text.toString();
    }

    /** What {@link Profiles#page} reads back; "" for {@link #NONE}. */
    public String text() {
        return text;
    }

    public List<Profile> profiles() {
        return profiles;
    }

    /** What the family is; empty if it is nothing, or if another one of the page is that already. */
    public List<Mapping> mappingsOf(String family) {
        return mappings.getOrDefault(family, List.of());
    }
}
