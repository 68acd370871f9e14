package dev.weir.benchmarks.micro;

import dev.weir.benchmarks.fleet.FleetSeries;
import dev.weir.benchmarks.fleet.VllmFleet;
import dev.weir.queryserver.store.SampleList;
import dev.weir.queryserver.store.SeriesSamples;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.store.StoreOptions;
import dev.weir.queryserver.store.StoreView;
import dev.weir.queryserver.store.WriteBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The query server's store with 100 vLLM pods in it, scraped 320 times 15 s apart, and a view of it. */
final class FleetStore implements AutoCloseable {
    static final long STEP_MS = 15_000;
    static final long END_MS = 1_700_000_000_000L / STEP_MS * STEP_MS;
    static final long START_MS = END_MS - Duration.ofHours(1).toMillis();

    private static final int PODS = 100;
    private static final int SCRAPES = 320;
    private static final String PROJECT = "default";

    private final Path directory;
    private final Store store;
    private final StoreView view;

    FleetStore() {
        try {
            directory = Files.createTempDirectory("fleet-store");
            store = Store.open(StoreOptions.of(directory, Duration.ofDays(30)), () -> Instant.ofEpochMilli(END_MS));
            List<FleetSeries> fleet = VllmFleet.series(PODS, SCRAPES);
            for (int i = 0; i < SCRAPES; i++) {
                store.append(batch(fleet, i)).join();
            }
            view = store.view(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StoreView view() {
        return view;
    }

    @Override
    public void close() {
        view.close();
        store.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static WriteBatch batch(List<FleetSeries> fleet, int scrape) {
        List<SeriesSamples> batch = new ArrayList<>(fleet.size());
        for (FleetSeries series : fleet) {
            SampleList sample = new SampleList();
            sample.add(END_MS - (SCRAPES - 1 - scrape) * STEP_MS, series.values()[scrape]);
            batch.add(new SeriesSamples(PROJECT, series.labels(), sample));
        }
        return WriteBatch.of(batch, List.of());
    }
}
