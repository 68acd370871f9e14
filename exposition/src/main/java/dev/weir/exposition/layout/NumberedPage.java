package dev.weir.exposition.layout;

import dev.weir.exposition.Exposition;
import dev.weir.exposition.ExpositionException;
import dev.weir.exposition.ExpositionFormat;
import dev.weir.exposition.ExpositionParser;
import dev.weir.exposition.MetricFamily;
import dev.weir.exposition.ParseMode;
import dev.weir.exposition.Sample;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page whose structure and numbers are apart: what is made of {@code lines} holds for every page of the same layout.
 *
 * @param lines the page, each sample's value the number of its line; timestamps and exemplars are this page's own
 * @param values the numbers of the lines
 * @param layout by which the next page may be read; null if no page like this one can be
 */
public record NumberedPage(
        Exposition lines, LineValues values, @Nullable PageLayout layout) {
    private static final long MS_PER_SECOND = 1000;

    /**
     * Parses {@code length} bytes from {@code offset} on, leniently.
     *
     * @throws ExpositionException if the page is not of that format, or beyond its limits
     */
    public static NumberedPage parse(byte[] body, int offset, int length, ExpositionFormat format)
            throws ExpositionException {
        if (format == ExpositionFormat.PROTOBUF_DELIMITED) {
            return of(ExpositionParser.parse(body, offset, length, format, ParseMode.LENIENT));
        }
        LayoutRecorder recorder = new LayoutRecorder(body, offset, length, format);
        Exposition lines = ExpositionParser.parse(body, offset, length, format, ParseMode.LENIENT, recorder);
        return new NumberedPage(lines, recorder.values, recorder.layout());
    }

    /**
     * A page that has no lines, its samples numbered family by family; without a layout. Where a sample says itself when
     * its series began, that is one more number, in seconds as a {@code _created} line would have it.
     */
    private static NumberedPage of(Exposition page) {
        LineValues values = new LineValues();
        List<MetricFamily> families = new ArrayList<>(page.families().size());
        for (MetricFamily family : page.families()) {
            List<Sample> samples = new ArrayList<>(family.samples().size());
            for (Sample sample : family.samples()) {
                int line = values.size();
                values.add(sample.value(), sample.timestampMs());
                long created = sample.createdMs();
                if (created != Sample.NO_TIMESTAMP) {
                    created = values.size() * MS_PER_SECOND;
                    values.add(sample.createdMs() / (double) MS_PER_SECOND, Sample.NO_TIMESTAMP);
                }
                samples.add(sample.numbered(line, created));
            }
            families.add(new MetricFamily(family.name(), family.type(), family.help(), family.unit(), samples));
        }
        return new NumberedPage(new Exposition(families), values, null);
    }
}
