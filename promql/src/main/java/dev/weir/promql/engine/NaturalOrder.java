package dev.weir.promql.engine;

import dev.weir.series.Labels;
import java.util.Comparator;

/** Orders texts as people do: {@code a2} before {@code a10}. */
final class NaturalOrder implements Comparator<String> {
    static final NaturalOrder INSTANCE = new NaturalOrder();

    private NaturalOrder() {}

    @Override
    public int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            int endA = chunkEnd(a, i);
            int endB = chunkEnd(b, j);
            String chunkA = a.substring(i, endA);
            String chunkB = b.substring(j, endB);
            int order = isDigit(chunkA.charAt(0)) && isDigit(chunkB.charAt(0))
                    ? compareNumbers(chunkA, chunkB)
                    : Labels.BYTE_ORDER.compare(chunkA, chunkB);
            if (order != 0) {
                return order;
            }
            i = endA;
            j = endB;
        }
        return Integer.compare(a.length() - i, b.length() - j);
    }

    private static int compareNumbers(String a, String b) {
        String x = withoutZeros(a);
        String y = withoutZeros(b);
        int order = x.length() != y.length() ? Integer.compare(x.length(), y.length()) : x.compareTo(y);
        return order != 0 ? order : Integer.compare(a.length(), b.length());
    }

    private static String withoutZeros(String digits) {
        int from = 0;
        while (from < digits.length() - 1 && digits.charAt(from) == '0') {
            from++;
        }
        return digits.substring(from);
    }

    private static int chunkEnd(String text, int start) {
        boolean digits = isDigit(text.charAt(start));
        int end = start + 1;
        while (end < text.length() && isDigit(text.charAt(end)) == digits) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
