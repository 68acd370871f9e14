package dev.weir.queryserver.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.Labels;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelTableTest {
    private static final int TWINS = 1 << 12;

    @Test
    void labelsThatJavaHashesAlikeAreSpread() {
        LabelHasher hasher = new LabelHasher();
        Set<Integer> javas = new HashSet<>();
        Set<Integer> hashes = new HashSet<>();
        for (int i = 0; i < TWINS; i++) {
            javas.add(twin(i).hashCode());
            hashes.add(hasher.hash(twin(i)));
        }
        assertEquals(1, javas.size());
        assertTrue(hashes.size() > TWINS - 10, hashes.size() + " of " + TWINS);
    }

    @Test
    void findsEachOfManyAndNoOther() {
        LabelTable table = new LabelTable();
        MemorySeries[] added = new MemorySeries[TWINS];
        for (int i = 0; i < TWINS; i++) {
            assertNull(table.get(twin(i)));
            added[i] = new MemorySeries(i, "p", twin(i));
            table.add(added[i]);
        }
        for (int i = 0; i < TWINS; i++) {
            assertSame(added[i], table.get(twin(i)));
        }
        table.clear();
        assertNull(table.get(twin(0)));
    }

    /** A label of twelve pairs, each Aa or BB, which Java hashes alike. */
    private static Labels twin(int number) {
        StringBuilder value = new StringBuilder();
        for (int bit = 0; bit < 12; bit++) {
            value.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return Labels.of("__name__", "x", "a", value.toString());
    }
}
