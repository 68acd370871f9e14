package dev.weir.aggregation.increment;

import dev.weir.aggregation.increment.IncrementSink.Baseline;
import dev.weir.aggregation.increment.IncrementSink.Reset;
import dev.weir.aggregation.increment.ScrapeFacts.Outcome;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;

/**
 * Rule 2 of the design: increments, exactly. Never above the truth; below it only by what no scrape saw and by what is
 * reported as a baseline.
 *
 * <p>A series that was there before gives the difference of its values; a drop, a changed created time or a moved process
 * start is a reset and gives its value. A series first seen counts from zero only if something proves that it began after
 * the last look at the target.
 */
public final class IncrementRules {
    /** Every this often all series of a target are reported, so that those who sum them up know them alive. */
    static final Duration REPORT_ALL_EVERY = Duration.ofMinutes(5);

    /**
     * State is remembered for this much longer than the expiry, within which a start is taken as proof: a scrape may be
     * appended so much later than it began.
     */
    public static final Duration REMEMBERED_LONGER = Duration.ofMinutes(5);

    private final long expiryMs;
    private final SteadyAdvance steady = new SteadyAdvance();

    /** @param expiry for how long a silent series is remembered */
    public IncrementRules(Duration expiry) {
        this.expiryMs = expiry.toMillis();
    }

    /** What became of a scrape. */
    public enum Verdict {
        ACCEPTED,
        /** The same scrape again, or one older than the newest. */
        DUPLICATE_OR_OLDER,
        /** Another scraper's, while the one that is followed still scrapes. */
        OTHER_SCRAPER
    }

    /**
     * Takes one scrape of the target into {@code memory} and reports each of its samples to {@code sink}; nothing happens
     * unless the verdict is ACCEPTED. {@code scrape} is empty unless the outcome is a success.
     */
    public Verdict apply(TargetMemory memory, ScrapeFacts facts, CumulativeScrape scrape, IncrementSink sink) {
        boolean first = memory.requestStartMs == ScrapeFacts.UNKNOWN;
        boolean follows = facts.scraperId().equals(memory.scraperId);
        boolean switched = !first && (!follows || facts.requestStartMs() <= memory.requestStartMs);
        if (facts.lastWord() && !follows) {
            if (!countsLastWord(memory, facts)) {
                return Verdict.OTHER_SCRAPER;
            }
            takeSamples(memory, facts, true, scrape, sink);
            return Verdict.ACCEPTED;
        }
        if (switched && (!mayBeFollowed(memory, facts) || (follows && showsThePast(memory, facts, scrape)))) {
            return follows ? Verdict.DUPLICATE_OR_OLDER : Verdict.OTHER_SCRAPER;
        }
        if (!first && facts.appendMs() < memory.appendMs) {
            return Verdict.DUPLICATE_OR_OLDER;
        }
        if (facts.outcome() == Outcome.SUCCESS) {
            takeSamples(memory, facts, switched, scrape, sink);
            memory.successRequestMs = facts.requestStartMs();
        } else if (switched) {
            memory.successRequestMs = ScrapeFacts.UNKNOWN;
        }
        if (switched && !follows) {
            memory.untaken = new Untaken(memory.scraperId, memory.requestStartMs, memory.appendMs);
        }
        memory.scraperId = facts.scraperId();
        memory.requestStartMs = facts.requestStartMs();
        memory.appendMs = facts.appendMs();
        memory.refusedLast = facts.outcome() == Outcome.REFUSED;
        memory.ended = facts.lastWord() || (memory.ended && facts.outcome() != Outcome.SUCCESS);
        return Verdict.ACCEPTED;
    }

    /**
     * Whether the target is followed by this scrape though it is another scraper's, or is not newer by its scraper's clock:
     * after two silent intervals, unless it is an older scrape that was delivered again. A clock that was set back is told
     * from that by two scrapes that stand as far apart by the broker's clock, and do not show the past.
     */
    private static boolean mayBeFollowed(TargetMemory memory, ScrapeFacts facts) {
        boolean follows = facts.scraperId().equals(memory.scraperId);
        boolean silent = facts.appendMs() - memory.appendMs > 2 * facts.intervalMs();
        boolean may = silent && (follows ? memory.untaken.isOfSamePace(facts) : !memory.untaken.coversOrIs(facts));
        // Duplicates of the followed scraper's must not drive out what is known of another's.
        boolean noted = memory.untaken.coversOrIs(facts) || (follows && !silent);
        if (!may && !noted) {
            memory.untaken = new Untaken(facts.scraperId(), facts.requestStartMs(), facts.appendMs());
        }
        return may;
    }

    /** Whether it is of an older process than the remembered one, or has a value below what is known of the same. */
    private static boolean showsThePast(TargetMemory memory, ScrapeFacts facts, CumulativeScrape scrape) {
        if (facts.processStartMs() == ScrapeFacts.UNKNOWN || memory.processStartMs == ScrapeFacts.UNKNOWN) {
            return false;
        }
        if (!ScrapeFacts.sameStart(facts.processStartMs(), memory.processStartMs)) {
            return facts.processStartMs() < memory.processStartMs;
        }
        Map<Long, SeriesMemory> known = memory.series.open(memory.successAppendMs);
        for (int i = 0; i < scrape.columns.size(); i++) {
            CumulativeSample sample = scrape.sample(i);
            SeriesMemory former = known.get(sample.seriesId());
            if (sample.isUsable()
                    && former != null
                    && former.hasValue()
                    && former.hasLayoutOf(sample)
                    && former.isAboveAnyOf(sample)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether somebody who is not followed, such as a sidecar, tells what the remembered process came to in the end, or one
     * that began since the last look; and not what one came to that the remembered one took the place of. Nobody is followed
     * for a last word, since none will come after it.
     */
    private boolean countsLastWord(TargetMemory memory, ScrapeFacts facts) {
        if (facts.outcome() != Outcome.SUCCESS || facts.appendMs() < memory.appendMs) {
            return false;
        }
        if (memory.successTargetMs == ScrapeFacts.UNKNOWN) {
            return true;
        }
        if (facts.naming() != memory.naming) {
            return false;
        }
        if (facts.processStartMs() == ScrapeFacts.UNKNOWN || memory.processStartMs == ScrapeFacts.UNKNOWN) {
            return facts.targetTimeMs() > memory.successTargetMs;
        }
        return ScrapeFacts.sameStart(facts.processStartMs(), memory.processStartMs)
                || new Look(memory, facts, true).provesBegin(facts.processStartMs());
    }

    private void takeSamples(
            TargetMemory memory, ScrapeFacts facts, boolean switched, CumulativeScrape scrape, IncrementSink sink) {
        Look look = new Look(memory, facts, switched);
        int former = memory.series.columns.size();
        if (look.processMoved && former > 0) {
            sink.reset(former, Reset.PROCESS_RESTARTED);
        }
        if (look.processMoved || look.renamed) {
            // Series of the former process or name that are absent now would be mistaken for present ones later.
            memory.series.clear();
            memory.forgotSeries = false;
        }
        boolean reportAll = memory.reportedAllMs == ScrapeFacts.UNKNOWN
                || facts.appendMs() - memory.reportedAllMs >= REPORT_ALL_EVERY.toMillis();
        boolean common = !look.switched && look.sinceMs != ScrapeFacts.UNKNOWN;
        if (!common || !steady.take(memory.series, scrape, look.sinceMs, reportAll, sink)) {
            takeOneByOne(memory, look, scrape, reportAll, sink);
        }
        if (reportAll) {
            memory.reportedAllMs = facts.appendMs();
            forgetSilentSeries(memory, facts.appendMs());
        }
        if (look.processMoved || facts.processStartMs() != ScrapeFacts.UNKNOWN) {
            memory.processStartMs = facts.processStartMs();
        }
        memory.naming = facts.naming();
        // A last word may be the older look of two.
        memory.successTargetMs =
                facts.lastWord() ? Math.max(memory.successTargetMs, facts.targetTimeMs()) : facts.targetTimeMs();
        memory.successAppendMs = facts.appendMs();
    }

    private static void takeOneByOne(
            TargetMemory memory, Look look, CumulativeScrape scrape, boolean reportAll, IncrementSink sink) {
        Map<Long, SeriesMemory> series = memory.series.open(memory.successAppendMs);
        for (int i = 0; i < scrape.columns.size(); i++) {
            CumulativeSample sample = scrape.sample(i);
            if (sample.isUsable()) {
                take(series, look, sample, i, reportAll, sink);
            } else {
                // It is there, so that its absence will not prove that it began later.
                series.putIfAbsent(sample.seriesId(), SeriesMemory.withoutValue(look.facts.appendMs()));
            }
        }
        memory.series.close(series, scrape.columns, look);
    }

    private static void take(
            Map<Long, SeriesMemory> series,
            Look look,
            CumulativeSample sample,
            int index,
            boolean reportAll,
            IncrementSink sink) {
        SeriesMemory known = series.get(sample.seriesId());
        if (known == null) {
            known = SeriesMemory.of(sample, look.facts.appendMs());
            known.seenBy = look;
            series.put(sample.seriesId(), known);
            takeUnknown(look, sample, index, sink);
            return;
        }
        if (known.seenBy == look) {
            // Two lines became one series; counted against each other they would be resets without end.
            return;
        }
        known.seenBy = look;
        boolean layoutChanged = !known.hasLayoutOf(sample);
        boolean createdMoved = sample.createdMs() != ScrapeFacts.UNKNOWN
                && known.createdMs != ScrapeFacts.UNKNOWN
                && !ScrapeFacts.sameStart(sample.createdMs(), known.createdMs);
        if (!known.hasValue()) {
            sink.baseline(index, sample.total(), Baseline.FIRST_SEEN);
        } else if (createdMoved) {
            known.sum = Double.NaN;
            sink.reset(1, Reset.CREATED_CHANGED);
            startAnew(look, sample, index, look.provesBegin(sample.createdMs()), Baseline.OLDER_PROCESS, sink);
        } else if (layoutChanged && sample.total() < known.total()) {
            known.sum = Double.NaN;
            sink.reset(1, Reset.VALUE_DROPPED);
            startAnew(look, sample, index, true, Baseline.LAYOUT_CHANGED, sink);
        } else if (layoutChanged) {
            sink.baseline(index, sample.total() - known.total(), Baseline.LAYOUT_CHANGED);
        } else if (known.isAboveAnyOf(sample)) {
            if (look.switched) {
                // The other scraper may have looked earlier than the one before: the higher value is the newer one.
                known.lastSeenMs = look.facts.appendMs();
                return;
            }
            known.sum = Double.NaN;
            sink.reset(1, Reset.VALUE_DROPPED);
            startAnew(look, sample, index, true, Baseline.OLDER_PROCESS, sink);
        } else {
            advance(look, known, sample, index, reportAll, sink);
        }
        known.update(sample, look.facts.appendMs());
    }

    private static void takeUnknown(Look look, CumulativeSample sample, int index, IncrementSink sink) {
        boolean created = sample.createdMs() != ScrapeFacts.UNKNOWN;
        boolean proven = (look.provesAll && !look.mayBeForgotten(sample.createdMs()))
                || (created && look.provesBegin(sample.createdMs()));
        Baseline reason = look.processMoved ? Baseline.OLDER_PROCESS : Baseline.FIRST_SEEN;
        startAnew(look, sample, index, proven, reason, sink);
    }

    private static void startAnew(
            Look look, CumulativeSample sample, int index, boolean proven, Baseline reason, IncrementSink sink) {
        if (proven) {
            sink.moved(index, singles(sample.cumulative()), sample.sum(), look.tookMs(sample), look.hadSuccess);
        } else {
            sink.baseline(index, sample.total(), reason);
        }
    }

    private static void advance(
            Look look, SeriesMemory known, CumulativeSample sample, int index, boolean reportAll, IncrementSink sink) {
        double[] gained = new double[known.cumulative.length];
        boolean moved = false;
        for (int i = 0; i < gained.length; i++) {
            gained[i] = sample.cumulative()[i] - known.cumulative[i];
            moved |= gained[i] != 0;
        }
        boolean histogram = sample.layout() != CumulativeSample.COUNTER;
        boolean sumMoved = histogram && sample.sum() != known.sum && !Double.isNaN(sample.sum());
        if (moved || sumMoved) {
            SteadyAdvance.toSingles(gained);
            double sumGained = SteadyAdvance.sumGained(sample.sum(), known.sum);
            sink.moved(index, gained, sumGained, look.tookMs(sample), false);
        } else if (reportAll) {
            sink.alive(index);
        }
    }

    /** Per single bucket what {@code cumulative} says at or below each bound. */
    private static double[] singles(double[] cumulative) {
        double[] singles = new double[cumulative.length];
        for (int i = 0; i < singles.length; i++) {
            singles[i] = i == 0 ? cumulative[0] : cumulative[i] - cumulative[i - 1];
        }
        return singles;
    }

    private void forgetSilentSeries(TargetMemory memory, long nowMs) {
        Iterator<SeriesMemory> all = memory.series.absent.values().iterator();
        while (all.hasNext()) {
            if (nowMs - all.next().lastSeenMs > expiryMs + REMEMBERED_LONGER.toMillis()) {
                all.remove();
                memory.forgotSeries = true;
            }
        }
    }

    /** What one successful scrape proves, given what was remembered before it. */
    private final class Look {
        final ScrapeFacts facts;
        final boolean switched;
        final boolean hadSuccess;
        /** Another process answers than at the last look. */
        final boolean processMoved;
        /** Other rules name the series than at the last look. */
        final boolean renamed;
        /** Every series first seen now began after the last look. */
        final boolean provesAll;

        private final long lastLookMs;
        private final long sinceMs;

        Look(TargetMemory memory, ScrapeFacts facts, boolean switched) {
            this.facts = facts;
            this.switched = switched;
            this.hadSuccess = memory.successTargetMs != ScrapeFacts.UNKNOWN;
            this.lastLookMs = hadSuccess ? memory.successTargetMs : facts.watchedSinceMs() - facts.clockOffsetMs();
            boolean startTold = facts.processStartMs() != ScrapeFacts.UNKNOWN;
            boolean ended = memory.ended && !(startTold && memory.processStartMs != ScrapeFacts.UNKNOWN);
            this.processMoved =
                    hadSuccess && (ended || !ScrapeFacts.sameStart(facts.processStartMs(), memory.processStartMs));
            this.renamed = hadSuccess && facts.naming() != memory.naming;
            boolean processBegan =
                    startTold ? (processMoved || !hadSuccess) && provesBegin(facts.processStartMs()) : ended;
            boolean absentBefore = hadSuccess && !processMoved && !renamed && !memory.forgotSeries;
            boolean refusedBefore = memory.refusedLast && !mayBeForgotten(facts.processStartMs());
            this.provesAll = processBegan || absentBefore || refusedBefore;
            boolean sameClock =
                    facts.scraperId().equals(memory.scraperId) && memory.successRequestMs != ScrapeFacts.UNKNOWN;
            this.sinceMs = !hadSuccess
                    ? ScrapeFacts.UNKNOWN
                    : sameClock
                            ? facts.requestStartMs() - memory.successRequestMs
                            : facts.appendMs() - memory.successAppendMs;
        }

        /** Whether what began then began after the last look, and recently enough to be remembered if it had not. */
        boolean provesBegin(long startMs) {
            return startMs > lastLookMs - ScrapeFacts.START_TOLERANCE.toMillis()
                    && startMs <= facts.targetTimeMs() + ScrapeFacts.START_TOLERANCE.toMillis()
                    && !mayBeForgotten(startMs);
        }

        /** Whether what began then, if that is known, lies so far back that it may have been seen and forgotten since. */
        boolean mayBeForgotten(long startMs) {
            return startMs != ScrapeFacts.UNKNOWN && facts.targetTimeMs() - startMs > expiryMs;
        }

        /** How long the sample's increment took at most: since the last look, or since the series or process began. */
        long tookMs(CumulativeSample sample) {
            if (sinceMs != ScrapeFacts.UNKNOWN) {
                return sinceMs;
            }
            long startMs = sample.createdMs() != ScrapeFacts.UNKNOWN ? sample.createdMs() : facts.processStartMs();
            return startMs != ScrapeFacts.UNKNOWN ? facts.targetTimeMs() - startMs : facts.intervalMs();
        }
    }
}
