package dev.weir.exposition;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The composite value {@code {count:24,sum:100,schema:0,...}} of a native histogram. OpenMetrics 1.0 has none, but
 * client libraries write it ahead of 2.0. Count and sum are read as a classic histogram of one bucket; the spans are
 * checked for their form only.
 */
record NativeHistogramValue(double count, double sum) {
    private static final Set<String> LISTS = Set.of(
            "positive_spans",
            "negative_spans",
            "positive_deltas",
            "negative_deltas",
            "positive_buckets",
            "negative_buckets",
            "custom_values");
    private static final Set<String> NUMBERS = Set.of("count", "sum", "schema", "zero_threshold", "zero_count");

    /** Reads the value at whose opening brace {@code in} stands. */
    static NativeHistogramValue read(Scanner in, SampleReader samples) throws ExpositionException {
        int open = in.pos;
        Map<String, Double> numbers = new HashMap<>();
        do {
            in.pos++;
            int keyAt = in.pos;
            in.skipName(false);
            String key = new String(in.bytes, keyAt, in.pos - keyAt, StandardCharsets.US_ASCII);
            boolean list = LISTS.contains(key);
            if ((!list && !NUMBERS.contains(key)) || in.peek() != ':') {
                throw in.unexpected(keyAt, "native histogram", "a field such as count:24");
            }
            in.pos++;
            int from = in.pos;
            if (list) {
                skipList(in);
            } else {
                while (in.peek() != ',' && in.peek() != '}' && in.peek() != '\n' && in.peek() != Scanner.END) {
                    in.pos++;
                }
                numbers.put(key, samples.readNumber(from, in.pos, key + " of the native histogram"));
            }
        } while (in.peek() == ',');
        Double count = numbers.get("count");
        Double sum = numbers.get("sum");
        if (in.peek() != '}' || count == null || sum == null || !numbers.containsKey("schema")) {
            throw in.unexpected(open, "native histogram", "count, sum and schema, and a closing brace");
        }
        in.pos++;
        return new NativeHistogramValue(count, sum);
    }

    private static void skipList(Scanner in) throws ExpositionException {
        int open = in.pos;
        if (in.peek() != '[') {
            throw in.unexpected(open, "native histogram", "a list in brackets");
        }
        do {
            in.pos++;
        } while (isListByte(in.peek()));
        if (in.peek() != ']') {
            throw in.unexpected(open, "native histogram", "numbers in brackets");
        }
        in.pos++;
    }

    private static boolean isListByte(int c) {
        return (c >= '0' && c <= '9') || c == ',' || c == ':' || c == '-' || c == '+' || c == '.' || c == 'e';
    }
}
