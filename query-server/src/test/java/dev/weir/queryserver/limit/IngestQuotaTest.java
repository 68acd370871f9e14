package dev.weir.queryserver.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IngestQuotaTest {
    private final AtomicLong nanos = new AtomicLong();
    private final IngestQuota quota = new IngestQuota(project -> project.equals("free") ? 0 : 100, nanos::get);

    @Test
    void givesTheRateOnTheAverageAndABurst() {
        assertEquals(0, quota.take("a", 1000));
        assertEquals(0, quota.take("a", 50));
        assertEquals(1, quota.take("a", 1));
        pass(500);
        assertEquals(0, quota.take("a", 100));
        assertEquals(1, quota.take("a", 1));
        pass(1_000_000);
        assertEquals(0, quota.take("a", 1000));
    }

    @Test
    void takesOneRequestOfAnySizeAndIsPaidBackBeforeTheNext() {
        assertEquals(0, quota.take("a", 5000));
        assertEquals(40, quota.take("a", 1));
        pass(40_000);
        assertEquals(0, quota.take("a", 1));
    }

    @Test
    void countsProjectsApartAndThoseWithoutALimitNot() {
        assertEquals(0, quota.take("a", 2000));
        assertEquals(0, quota.take("b", 1));
        assertEquals(0, quota.take("free", 1_000_000));
        assertEquals(0, quota.take("free", 1_000_000));
    }

    @Test
    void takesOfAllProjectsOrOfNone() {
        assertEquals(0, quota.take("b", 2000));
        Map<String, Long> both = new LinkedHashMap<>();
        both.put("a", 2000L);
        both.put("b", 1L);
        assertEquals(new IngestQuota.Excess("b", 10), quota.takeAll(both));
        assertNull(quota.takeAll(Map.of("a", 1L)), "what a paid before b had too many was given back");
    }

    private void pass(long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
