package dev.weir.aggregation.profile;

import java.util.HashMap;
import java.util.Map;

/** Page profiles by their texts, one object for each as long as it is remembered. Not safe for use by several threads. */
public final class PageProfiles {
    /** Beyond it all are forgotten and made anew. */
    static final int MAX_PAGES = 1_024;

    private final Profiles profiles;
    private final Map<String, PageProfile> known = new HashMap<>();

    public PageProfiles(Profiles profiles) {
        this.profiles = profiles;
    }

    public PageProfile of(String text) {
        if (text.isEmpty()) {
            return PageProfile.NONE;
        }
        PageProfile page = known.get(text);
        if (page == null) {
            if (known.size() >= MAX_PAGES) {
                known.clear();
            }
            page = profiles.page(text);
            known.put(text, page);
        }
        return page;
    }
}
