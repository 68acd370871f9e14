package dev.weir.aggregation.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentIdsTest {
    @Test
    void remembersARequestForTenMinutes() {
        RecentIds recent = new RecentIds();
        assertTrue(recent.isNew(7, 1_000));
        assertFalse(recent.isNew(7, 601_000));
        assertTrue(recent.isNew(7, 601_001));
        assertFalse(recent.isNew(7, 601_001));
        assertTrue(recent.isNew(0, 601_001));
        assertFalse(recent.isNew(0, 601_002));
        assertEquals(601_002 + 600_000, recent.expiresMs());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithAMapWhileTimeGoesOnAndStateIsStored(long seed) throws IOException {
        Random random = new Random(seed);
        RecentIds recent = new RecentIds();
        Map<Long, Long> seen = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            long now = i * 100L;
            long id = random.nextInt(20_000);
            // An id of 0 stands for none inside; ids are hashes, so 0 and 1 being one matters to nobody.
            long key = id == 0 ? 1 : id;
            Long former = seen.get(key);
            boolean expected = former == null || now - former > RecentIds.REMEMBERED_MS;
            if (expected) {
                seen.put(key, now);
            }
            assertEquals(expected, recent.isNew(id, now), "seed " + seed + " at " + i);
            if (i % 9_999 == 0) {
                recent = i % 2 == 0 ? recent.copy() : stored(recent);
            }
        }
        assertEquals(0, recent.drainForgotten());
        assertTrue(recent.size() <= 20_000);
    }

    @Test
    void forgetsTheOlderHalfBeyondItsLimitAndSaysSo() {
        RecentIds recent = new RecentIds();
        long forgotten = 0;
        for (int i = 0; i < 3 * RecentIds.MAX_IDS; i++) {
            assertTrue(recent.isNew(i + 1, i));
            assertTrue(recent.size() <= RecentIds.MAX_IDS);
            forgotten += recent.drainForgotten();
        }
        assertEquals(3 * RecentIds.MAX_IDS, forgotten + recent.size());
        assertFalse(recent.isNew(3 * RecentIds.MAX_IDS, 3 * RecentIds.MAX_IDS));
        RecentIds atOnce = new RecentIds();
        for (int i = 0; i <= RecentIds.MAX_IDS; i++) {
            assertTrue(atOnce.isNew(i + 1, 5));
        }
        assertEquals(RecentIds.MAX_IDS, atOnce.drainForgotten());
    }

    @Test
    void dividesIdsEvenly() {
        Random random = new Random(1);
        int[] counts = new int[RecentIds.SHARDS];
        for (int i = 0; i < 200 * RecentIds.SHARDS; i++) {
            counts[RecentIds.shard(random.nextLong())]++;
        }
        for (int count : counts) {
            assertEquals(200, count, 100);
        }
    }

    private static RecentIds stored(RecentIds recent) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        recent.write(new DataOutputStream(bytes));
        return RecentIds.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }
}
