package dev.weir.aggregation.scrape;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A page of {@code io.prometheus.client.MetricFamily} messages, written field by field. */
public final class ProtobufPage {
    public static final String CONTENT_TYPE =
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    /** A created time that the page does not tell. */
    static final long NOT_TOLD = Long.MIN_VALUE;

    private static final int COUNTER = 0;
    private static final int GAUGE = 1;
    private static final int HISTOGRAM = 4;

    private final ByteArrayOutputStream page = new ByteArrayOutputStream();

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    public byte[] bytes() {
        return page.toByteArray();
    }

    public ProtobufPage counter(String name, double value, long createdMs) {
        byte[] counter = message(out -> {
            out.writeDouble(1, value);
            writeTimestamp(out, 3, createdMs);
        });
        return family(name, COUNTER, message(out -> out.writeByteArray(3, counter)));
    }

    ProtobufPage gauge(String name, double value) {
        byte[] gauge = message(out -> out.writeDouble(1, value));
        return family(name, GAUGE, message(out -> out.writeByteArray(2, gauge)));
    }

    /** A classic histogram with the bounds 1 and 2, and the native one of schema 0 that has the same observations. */
    public ProtobufPage histogram(String name, long below1, long below2, double sum, long createdMs) {
        return histogram(name, below1, below2, sum, createdMs, true, true);
    }

    /** The same without its classic or its native buckets. */
    ProtobufPage histogram(
            String name, long below1, long below2, double sum, long createdMs, boolean classic, boolean natives) {
        byte[] span = message(out -> {
            out.writeSInt32(1, 0);
            out.writeUInt32(2, 2);
        });
        byte[] histogram = message(out -> {
            out.writeUInt64(1, below1 + below2);
            out.writeDouble(2, sum);
            if (classic) {
                out.writeByteArray(3, bucket(1, below1));
                out.writeByteArray(3, bucket(2, below1 + below2));
            }
            if (natives) {
                out.writeByteArray(12, span);
                out.writeSInt64(13, below1);
                out.writeSInt64(13, below2 - below1);
            }
            writeTimestamp(out, 15, createdMs);
        });
        return family(name, HISTOGRAM, message(out -> out.writeByteArray(7, histogram)));
    }

    private ProtobufPage family(String name, int type, byte[] metric) {
        byte[] family = message(out -> {
            out.writeString(1, name);
            out.writeEnum(3, type);
            out.writeByteArray(4, metric);
        });
        byte[] length = message(out -> out.writeUInt32NoTag(family.length));
        page.writeBytes(length);
        page.writeBytes(family);
        return this;
    }

    private static byte[] bucket(double upperBound, long cumulativeCount) {
        return message(out -> {
            out.writeUInt64(1, cumulativeCount);
            out.writeDouble(2, upperBound);
        });
    }

    private static void writeTimestamp(CodedOutputStream to, int field, long ms) throws IOException {
        if (ms != NOT_TOLD) {
            to.writeByteArray(field, message(out -> {
                out.writeInt64(1, ms / 1000);
                out.writeInt32(2, (int) (ms % 1000) * 1_000_000);
            }));
        }
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
