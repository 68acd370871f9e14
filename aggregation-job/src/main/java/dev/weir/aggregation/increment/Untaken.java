package dev.weir.aggregation.increment;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A scrape that was not taken, by which a later one is judged.
 *
 * @param scraperId who scraped
 * @param requestStartMs by the scraper's clock
 * @param appendMs by the broker's clock
 */
record Untaken(String scraperId, long requestStartMs, long appendMs) {
    static final Untaken NONE = new Untaken("", ScrapeFacts.UNKNOWN, ScrapeFacts.UNKNOWN);

    /** Whether the scrape is of the same scraper and not newer. */
    boolean coversOrIs(ScrapeFacts facts) {
        return facts.scraperId().equals(scraperId) && facts.requestStartMs() <= requestStartMs;
    }

    /**
     * Whether the scraper's clock and the broker's went on alike between the two, for half an interval at least. Of scrapes
     * that are delivered again only the broker's stands still, or it alone goes on.
     */
    boolean isOfSamePace(ScrapeFacts facts) {
        if (!facts.scraperId().equals(scraperId)) {
            return false;
        }
        long byBrokerMs = facts.appendMs() - appendMs;
        long byScraperMs = facts.requestStartMs() - requestStartMs;
        long toleranceMs = Math.min(ScrapeFacts.START_TOLERANCE.toMillis(), facts.intervalMs() / 2);
        return byScraperMs >= facts.intervalMs() / 2 && Math.abs(byScraperMs - byBrokerMs) <= toleranceMs;
    }

    void write(DataOutput out) throws IOException {
        StateIo.writeString(out, scraperId);
        out.writeLong(requestStartMs);
        out.writeLong(appendMs);
    }

    static Untaken read(DataInput in) throws IOException {
        return new Untaken(StateIo.readString(in), in.readLong(), in.readLong());
    }
}
