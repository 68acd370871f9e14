package dev.weir.aggregation.increment;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What is remembered of one target between scrapes. Bounded by the series of the target's bodies of one expiry. */
public final class TargetMemory {
    String scraperId = "";
    /** By the scraper's clock; of the newest accepted scrape, whatever its outcome. */
    long requestStartMs = ScrapeFacts.UNKNOWN;

    long appendMs = ScrapeFacts.UNKNOWN;
    /** When the newest successful scrape began, by the target's clock, or UNKNOWN if there was none. */
    long successTargetMs = ScrapeFacts.UNKNOWN;

    /** The same by the scraper's clock, whose differences are finer. */
    long successRequestMs = ScrapeFacts.UNKNOWN;

    long successAppendMs = ScrapeFacts.UNKNOWN;
    /** Broker time up to which was heard of the target; ahead of its scrapes' own where its partition lags. */
    private long heardMs = ScrapeFacts.UNKNOWN;

    boolean refusedLast;
    /** The process that answered last went away since, as the followed scraper told. */
    boolean ended;

    long processStartMs = ScrapeFacts.UNKNOWN;
    /** Identity of the rules by which the newest successful scrape's series got their names. */
    long naming;

    /** A series of the present process was forgotten, so absence proves nothing any more. */
    boolean forgotSeries;
    /** Broker time of the newest scrape at which every series was reported, moved or not. */
    long reportedAllMs = ScrapeFacts.UNKNOWN;

    /** Newest scrape that was not taken: another scraper's, or one by a clock that may have been set back. */
    Untaken untaken = Untaken.NONE;

    SeriesStore series = new SeriesStore();

    /** Broker time from which on the target counts as silent. */
    public long heardMs() {
        return heardMs;
    }

    /** Notes that a scrape was accepted at a time. */
    public void hear(long brokerTimeMs) {
        heardMs = Math.max(heardMs, brokerTimeMs);
    }

    /** Whether the scrape appended then reported all of the target's series. */
    public boolean reportedAllAt(long scrapeAppendMs) {
        return reportedAllMs == scrapeAppendMs;
    }

    public TargetMemory copy() {
        TargetMemory copy = new TargetMemory();
        copy.scraperId = scraperId;
        copy.requestStartMs = requestStartMs;
        copy.appendMs = appendMs;
        copy.successTargetMs = successTargetMs;
        copy.successRequestMs = successRequestMs;
        copy.successAppendMs = successAppendMs;
        copy.heardMs = heardMs;
        copy.refusedLast = refusedLast;
        copy.ended = ended;
        copy.untaken = untaken;
        copy.processStartMs = processStartMs;
        copy.naming = naming;
        copy.forgotSeries = forgotSeries;
        copy.reportedAllMs = reportedAllMs;
        copy.series = series.copy();
        return copy;
    }

    /** Writes it; the state that it is part of tells the version. */
    public void write(DataOutput out) throws IOException {
        StateIo.writeString(out, scraperId);
        out.writeLong(requestStartMs);
        out.writeLong(appendMs);
        out.writeLong(successTargetMs);
        out.writeLong(successRequestMs);
        out.writeLong(successAppendMs);
        out.writeLong(heardMs);
        out.writeBoolean(refusedLast);
        out.writeBoolean(ended);
        untaken.write(out);
        out.writeLong(processStartMs);
        out.writeLong(naming);
        out.writeBoolean(forgotSeries);
        out.writeLong(reportedAllMs);
        series.write(out);
    }

    public static TargetMemory read(DataInput in) throws IOException {
        TargetMemory memory = new TargetMemory();
        memory.scraperId = StateIo.readString(in);
        memory.requestStartMs = in.readLong();
        memory.appendMs = in.readLong();
        memory.successTargetMs = in.readLong();
        memory.successRequestMs = in.readLong();
        memory.successAppendMs = in.readLong();
        memory.heardMs = in.readLong();
        memory.refusedLast = in.readBoolean();
        memory.ended = in.readBoolean();
        memory.untaken = Untaken.read(in);
        memory.processStartMs = in.readLong();
        memory.naming = in.readLong();
        memory.forgotSeries = in.readBoolean();
        memory.reportedAllMs = in.readLong();
        memory.series = SeriesStore.read(in);
        return memory;
    }
}
