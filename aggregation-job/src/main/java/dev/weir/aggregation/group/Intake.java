package dev.weir.aggregation.group;

import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.Member;
import dev.weir.aggregation.profile.PageProfile;
import dev.weir.aggregation.release.Span;
import dev.weir.aggregation.report.Increments;
import dev.weir.aggregation.report.NativeGain;
import dev.weir.aggregation.report.OutputSeries;
import dev.weir.aggregation.report.ScrapeReport;

/** One report on its way into the members. */
final class Intake {
    final ScrapeReport report;
    final LaneRules rules;
    final long closedMs;
    final SeriesBudget budget;
    final PageProfile page;
    /** Events that no series has room for. */
    double lost;

    private long sharesTookMs;
    private double[] shares = {};

    Intake(ScrapeReport report, LaneRules rules, long closedMs, SeriesBudget budget, PageProfile page) {
        this.report = report;
        this.rules = rules;
        this.closedMs = closedMs;
        this.budget = budget;
        this.page = page;
    }

    void add(Member member, OutputSeries series, int increment) {
        keepAlive(member);
        Increments increments = report.increments();
        double sum = increments.sum(increment);
        if (increments.adds(increment)) {
            member.add(
                    series.layout(),
                    increments.amounts(),
                    increments.start(increment),
                    sum,
                    shares(increments.tookMs(increment)));
        } else if (!Double.isNaN(sum)) {
            // A sum of 0 is added too: it tells that the histogram has one.
            member.add(series.layout(), new double[series.width()], 0, sum, shares(increments.tookMs(increment)));
        }
    }

    void lose(int increment) {
        for (double amount : report.increments().amounts(increment)) {
            lost += amount;
        }
    }

    /** Adds what is known of an increment by native buckets, after the increment itself. */
    void addNative(Member member, OutputSeries series, NativeGain gain) {
        Increments increments = report.increments();
        int increment = gain.increment();
        if (increments.adds(increment)) {
            member.addNative(
                    gain.gained(),
                    series.layout(),
                    increments.amounts(),
                    increments.start(increment),
                    increments.sum(increment),
                    shares(increments.tookMs(increment)));
        }
    }

    void add(Member member, double amount) {
        keepAlive(member);
        member.add(null, new double[] {amount}, 0, Double.NaN, shares(0));
    }

    /** Not before the frontier, though it may come late: what it adds is released behind that. */
    private void keepAlive(Member member) {
        member.keepAlive(Math.max(report.seenMs(), closedMs), Math.max(report.appendMs(), closedMs));
    }

    /** Most increments of a scrape took as long as the others, so that this is computed once. */
    private double[] shares(long tookMs) {
        long lastingMs = tookMs > 0 ? tookMs : report.intervalMs();
        if (lastingMs != sharesTookMs) {
            sharesTookMs = lastingMs;
            Span span = Span.of(report.seenMs(), lastingMs, closedMs, rules.windowMs());
            shares = span.shares(closedMs, rules.windowMs());
        }
        return shares;
    }
}
