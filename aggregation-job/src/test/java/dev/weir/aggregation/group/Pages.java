package dev.weir.aggregation.group;

import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.profile.PageFamily;
import dev.weir.aggregation.profile.PageProfiles;
import dev.weir.aggregation.profile.ProfileMatcher;
import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.view.View;
import dev.weir.aggregation.view.Views;
import dev.weir.configuration.ViewConfig;
import dev.weir.exposition.MetricType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What reports of pages say of their engines. */
final class Pages {
    static final Profiles PROFILES = Profiles.builtIn();

    private Pages() {}

    /** Text of the profile of a page that has these families, all counters. */
    static String with(String... families) {
        List<PageFamily> page = Arrays.stream(families)
                .map(name -> new PageFamily(name, MetricType.COUNTER, "", true))
                .toList();
        return new ProfileMatcher(PROFILES).match(page).page().text();
    }

    static LaneRules rules(long windowMs, LaneRules.Conflicts conflicts, String... views) {
        List<View> loaded = Views.load(Stream.of(views).map(ViewConfig::named).toList());
        return new LaneRules(windowMs, 3_600_000, new PageProfiles(PROFILES), loaded, conflicts);
    }
}
