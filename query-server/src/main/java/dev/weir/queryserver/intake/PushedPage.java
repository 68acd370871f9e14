package dev.weir.queryserver.intake;

import dev.weir.exposition.ExpositionException;
import dev.weir.exposition.ExpositionFormat;
import dev.weir.exposition.ExpositionParser;
import dev.weir.exposition.ParseMode;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.ErrorType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Looks whether a pushed body is a page that the aggregation can read. One page at a time is in memory as objects. */
final class PushedPage {
    /** A page may not be larger, unpacked. */
    static final int MAX_UNPACKED_BYTES = 64 << 20;

    /** As many as the aggregation takes of one scrape. */
    static final int MAX_SAMPLES = 1_000_000;

    private static final String GZIP = "gzip";
    private static final int BUFFER_BYTES = 32 << 10;

    private final Object oneAtATime = new Object();

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
            if (samples > MAX_SAMPLES) {
                throw invalid("samples: " + samples + " (expected: at most maxSamples = " + MAX_SAMPLES + ")");
            }
            return samples;
        }
    }

    private static int parse(byte[] page, String contentType) throws ApiException {
        try {
            return ExpositionParser.parse(
                            page, 0, page.length, ExpositionFormat.ofContentType(contentType), ParseMode.LENIENT)
                    .sampleCount();
        } catch (ExpositionException e) {
            throw invalid(
                    "body of content type \"" + contentType + "\": " + e.getMessage() + " (expected: a /metrics page)");
        }
    }

    private static byte[] unpack(byte[] packed) throws ApiException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed), BUFFER_BYTES)) {
            byte[] unpacked = in.readNBytes(MAX_UNPACKED_BYTES);
            if (in.read() >= 0) {
                throw new ApiException(
                        ErrorType.TOO_LARGE,
                        "body: more than " + MAX_UNPACKED_BYTES + " bytes unpacked (expected: at most"
                                + " maxUnpackedBytes = " + MAX_UNPACKED_BYTES + ")");
            }
            return unpacked;
        } catch (IOException e) {
            throw invalid("body: damaged gzip: " + e.getMessage());
        }
    }

    private static ApiException invalid(String message) {
        return new ApiException(ErrorType.BAD_DATA, message);
    }
}
