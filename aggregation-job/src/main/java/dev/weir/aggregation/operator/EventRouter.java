package dev.weir.aggregation.operator;

import dev.weir.aggregation.scrape.TargetStage;
import dev.weir.schemas.UndecodableRecordException;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.jspecify.annotations.Nullable;

/** Sends scrape events to their targets. */
public final class EventRouter extends TopicRouter<RoutedScrape> {
    private static final long serialVersionUID = 1;

    private transient @Nullable ScrapeDecoder scrapes;

    @Override
    public void open(OpenContext context) {
        super.open(context);
        scrapes = new ScrapeDecoder();
    }

    @Override
    RoutedScrape read(InboundRecord record) throws UndecodableRecordException {
        String target =
                TargetStage.target(Objects.requireNonNull(scrapes, "not open").decode(record.value()));
        return new RoutedScrape(target, record.appendMs(), record.value());
    }
}
