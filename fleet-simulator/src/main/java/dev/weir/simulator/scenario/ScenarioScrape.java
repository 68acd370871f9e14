package dev.weir.simulator.scenario;

/**
 * One attempt to scrape a target. Times are ms since the run began.
 *
 * @param pod the target's pod, which names it
 * @param atMs when it was made, and what it saw was so
 * @param answeredMs when the answer was complete
 * @param outcome what came back
 * @param processStartMs start of the process that answered; without meaning unless the outcome is a body
 * @param value of the counter to look at; {@link #ABSENT} where the page lacks it or there is none
 * @param requests that the process had finished
 * @param last whether it is the process' last word, told when it ended
 */
public record ScenarioScrape(
        String pod,
        long atMs,
        long answeredMs,
        Outcome outcome,
        long processStartMs,
        long value,
        long requests,
        boolean last) {
    /** No value. */
    public static final long ABSENT = -1;

    /** What comes back. */
    public enum Outcome {
        /** A page. */
        BODY,
        /** Nobody listens. */
        REFUSED,
        /** No answer, though the process may live. */
        TIMED_OUT
    }
}
