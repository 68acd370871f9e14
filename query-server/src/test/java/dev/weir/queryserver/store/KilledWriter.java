package dev.weir.queryserver.store;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;

/** A process that writes the requests of a {@link StoreModel} and says on its output which are acknowledged, until killed. */
final class KilledWriter {
    private KilledWriter() {}

    /** @param args directory, seed, first request */
    public static void main(String[] args) throws Exception {
        StoreOptions options =
                StoreFixture.options(Path.of(args[0])).withSegmentBytes(50_000).withMaxLogBytes(60_000);
        StoreModel model = new StoreModel(Long.parseLong(args[1]), KilledWriterTest.SERIES);
        int first = Integer.parseInt(args[2]);
        try (Store store = Store.open(options, InstantSource.fixed(StoreFixture.NOW))) {
            for (int i = 0; ; i++) {
                WriteBatch batch = model.next();
                if (i < first) {
                    continue;
                }
                store.append(batch).get();
                System.out.println(i);
                System.out.flush();
                if (i % 50 == 49) {
                    store.compact();
                }
            }
        } catch (ExecutionException e) {
            System.out.println(e.getCause());
            System.exit(1);
        }
    }
}
