package dev.weir.queryserver.intake;

import dev.weir.exposition.ExpositionException;
import dev.weir.exposition.ExpositionFormat;
import dev.weir.exposition.ExpositionParser;
import dev.weir.exposition.LineListener;
import dev.weir.exposition.ParseMode;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.ErrorType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Looks whether a pushed body is a page that the aggregation can read. One page at a time is in memory as objects. */
final class PushedPage {
    private static final String GZIP = "gzip";
    private static final int BUFFER_BYTES = 32 << 10;

    private final Object oneAtATime = new Object();
    private final int maxUnpackedBytes;
    private final int maxSamples;

    PushedPage(PushLimits limits) {
        this.maxUnpackedBytes = limits.maxUnpackedBytes();
        this.maxSamples = limits.maxSamples();
    }

    /**
     * How many samples the page has.
     *
     * @param encoding "" or gzip
     * @throws ApiException if it is none, has none, or is beyond a limit
     */
    int samples(byte[] body, String contentType, String encoding) throws ApiException {
        if (body.length == 0) {
            throw invalid("body: empty (expected: a /metrics page)");
        }
        if (!encoding.isEmpty() && !encoding.equals(GZIP)) {
            throw invalid("Content-Encoding: \"" + encoding + "\" (expected: none, or gzip)");
        }
        synchronized (oneAtATime) {
            byte[] page = encoding.isEmpty() ? body : unpack(body);
            int samples = parse(page, contentType);
            if (samples == 0) {
                throw invalid("body: no sample in " + page.length + " bytes (expected: a /metrics page)");
            }
            if (samples > maxSamples) {
                throw tooManySamples();
            }
            return samples;
        }
    }

    private int parse(byte[] page, String contentType) throws ApiException {
        try {
            ExpositionFormat format = ExpositionFormat.ofContentType(contentType);
            return ExpositionParser.parse(page, 0, page.length, format, ParseMode.LENIENT, new Counter())
                    .sampleCount();
        } catch (TooManySamples e) {
            throw tooManySamples();
        } catch (ExpositionException e) {
            throw invalid(
                    "body of content type \"" + contentType + "\": " + e.getMessage() + " (expected: a /metrics page)");
        }
    }

    private ApiException tooManySamples() {
        return new ApiException(
                ErrorType.TOO_LARGE, "body: too many samples (expected: at most maxSamples = " + maxSamples + ")");
    }

    private byte[] unpack(byte[] packed) throws ApiException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed), BUFFER_BYTES)) {
            byte[] unpacked = in.readNBytes(maxUnpackedBytes);
            if (in.read() >= 0) {
                throw new ApiException(
                        ErrorType.TOO_LARGE,
                        "body: more than " + maxUnpackedBytes + " bytes unpacked (expected: at most"
                                + " maxUnpackedBytes = " + maxUnpackedBytes + ")");
            }
            return unpacked;
        } catch (IOException e) {
            throw invalid("body: damaged gzip: " + e.getMessage());
        }
    }

    private static ApiException invalid(String message) {
        return new ApiException(ErrorType.BAD_DATA, message);
    }

    /** Ends the reading of a page before what is beyond the limit takes memory. */
    private final class Counter implements LineListener {
        private int samples;

        @Override
        public double onLine(Line line) {
            if (++samples > maxSamples) {
                throw new TooManySamples();
            }
            return line.value();
        }

        @Override
        public void onUnrepeatable() {}
    }

    private static final class TooManySamples extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManySamples() {
            super("too many samples", null, false, false);
        }
    }
}
