package dev.weir.promql.answers;

import dev.weir.series.FloatHistogram;
import dev.weir.series.FloatText;
import dev.weir.series.HistogramBuckets;
import dev.weir.series.HistogramBuckets.Bucket;
import java.util.ArrayList;
import java.util.List;

/** A native histogram as the API shows it. */
record HistogramPoint(double count, double sum, List<Bucket> buckets) {
    HistogramPoint {
        buckets = List.copyOf(buckets);
    }

    static HistogramPoint of(FloatHistogram histogram) {
        List<Bucket> buckets = new ArrayList<>();
        new HistogramBuckets(histogram).forEach(buckets::add);
        return new HistogramPoint(histogram.count(), histogram.sum(), buckets);
    }

    /** Without spaces: {@code {2;3;(1,2]1}}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{" + FloatText.general(count) + ";" + FloatText.general(sum));
        for (Bucket bucket : buckets) {
            text.append(";").append(bucket);
        }
        return text.append('}').toString();
    }

    static HistogramPoint parse(String text) {
        String[] parts = text.substring(1, text.length() - 1).split(";");
        List<Bucket> buckets = new ArrayList<>();
        for (int i = 2; i < parts.length; i++) {
            String[] numbers = parts[i].split("[\\[\\](),:]+");
            String bounds = parts[i].substring(0, parts[i].indexOf(':'));
            buckets.add(new Bucket(
                    number(numbers[1]),
                    number(numbers[2]),
                    bounds.startsWith("["),
                    bounds.endsWith("]"),
                    number(numbers[3])));
        }
        return new HistogramPoint(number(parts[0]), number(parts[1]), buckets);
    }

    /** A number in the API's form. */
    static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
