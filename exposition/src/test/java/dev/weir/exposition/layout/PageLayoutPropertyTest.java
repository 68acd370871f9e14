package dev.weir.exposition.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.exposition.ExpositionException;
import dev.weir.exposition.ExpositionFormat;
import dev.weir.exposition.SharedCaptures;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** On real pages, changed in every way: a page that a layout accepts is read as the parser reads it. */
class PageLayoutPropertyTest {
    private static final int PAGES_OF_EACH = 60;

    private final Random random = new Random(7);
    private int accepted;
    private int refused;

    @Test
    void readsCapturesAsTheParserDoesHoweverTheyChange() throws Exception {
        int captures = 0;
        for (SharedCaptures.Row row : SharedCaptures.rows("SOURCES.tsv")) {
            ExpositionFormat format = row.format();
            NumberedPage page = parse(row.body(), format);
            if (page != null && page.layout() != null && row.body().length < 60_000) {
                captures++;
                check(row.name(), row.body(), page, page.layout(), format);
            }
        }
        assertTrue(captures > 50, "captures with a layout: " + captures);
        assertTrue(accepted > captures * 15, "pages read by their layout: " + accepted);
        assertTrue(refused > captures * 15, "pages left to the parser: " + refused);
    }

    private void check(String name, byte[] body, NumberedPage page, PageLayout layout, ExpositionFormat format) {
        LineValues read = new LineValues();
        for (int i = 0; i < PAGES_OF_EACH; i++) {
            byte[] changed = i == 0 ? body : i % 2 == 0 ? withOtherNumbers(body) : damaged(body);
            String where = name + ", seed 7, page " + i;
            NumberedPage expected = parse(changed, format);
            if (!layout.read(changed, 0, changed.length, read)) {
                refused++;
                assertTrue(i > 0, where);
                continue;
            }
            accepted++;
            if (expected == null) {
                throw new AssertionError(where + ": the parser refuses it");
            }
            assertEquals(
                    page.lines().families().size(), expected.lines().families().size(), where);
            assertEquals(page.lines().toString(), withoutTimes(page, expected), where);
            assertEquals(expected.values().size(), read.size(), where);
            for (int line = 0; line < read.size(); line++) {
                assertEquals(
                        Double.doubleToRawLongBits(expected.values().value(line)),
                        Double.doubleToRawLongBits(read.value(line)),
                        where);
                assertEquals(expected.values().timestampMs(line), read.timestampMs(line), where);
            }
        }
    }

    /** The lines as text; those of {@code page} where timestamps may differ, which are compared line by line. */
    private static String withoutTimes(NumberedPage page, NumberedPage expected) {
        return (expected.values().timed() ? page : expected).lines().toString();
    }

    private static @Nullable NumberedPage parse(byte[] body, ExpositionFormat format) {
        try {
            return NumberedPage.parse(body, 0, body.length, format);
        } catch (ExpositionException e) {
            return null;
        }
    }

    private byte[] withOtherNumbers(byte[] body) {
        String[] lines = new String(body, StandardCharsets.ISO_8859_1).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            int blank = lines[i].lastIndexOf(' ');
            if (blank > 0 && !lines[i].startsWith("#") && random.nextBoolean()) {
                boolean carriage = lines[i].endsWith("\r");
                lines[i] = lines[i].substring(0, blank + 1) + number() + (carriage ? "\r" : "");
            }
        }
        return String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
    }

    private String number() {
        return switch (random.nextInt(7)) {
            case 0 -> Long.toString(random.nextInt(1_000_000));
            case 1 -> Double.toString(random.nextDouble() * 1000);
            case 2 -> Long.toString(random.nextLong());
            case 3 -> random.nextInt(100) + ".0";
            case 4 ->
                Double.toString(Double.longBitsToDouble(random.nextLong())).replace("Infinity", "Inf");
            case 5 -> random.nextInt(1000) + "e" + (random.nextInt(20) - 10);
            default -> random.nextBoolean() ? "NaN" : "+Inf";
        };
    }

    private byte[] damaged(byte[] body) {
        List<byte[]> lines = lines(body);
        int at = random.nextInt(lines.size());
        switch (random.nextInt(6)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
            case 2 -> lines.add(random.nextInt(lines.size()), lines.remove(at));
            case 3 -> {
                byte[] line = lines.get(at).clone();
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
                lines.set(at, line);
            }
            case 4 -> {
                byte[] line = lines.get(at).clone();
                line[random.nextInt(line.length)] = (byte) "0123456789 .\n\r\t-+e".charAt(random.nextInt(18));
                lines.set(at, line);
            }
            default -> {
                ByteArrayOutputStream joined = join(lines);
                byte[] all = joined.toByteArray();
                return Arrays.copyOf(all, random.nextInt(all.length + 1));
            }
        }
        return join(lines).toByteArray();
    }

    private static List<byte[]> lines(byte[] body) {
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < body.length; i++) {
            if (body[i] == '\n' || i == body.length - 1) {
                lines.add(Arrays.copyOfRange(body, start, i + 1));
                start = i + 1;
            }
        }
        return lines;
    }

    private static ByteArrayOutputStream join(List<byte[]> lines) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        lines.forEach(joined::writeBytes);
        return joined;
    }
}
