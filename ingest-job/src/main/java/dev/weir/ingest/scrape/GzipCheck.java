package dev.weir.ingest.scrape;

import dev.weir.ingest.scrape.ScrapeFailure.Refusal;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Proves that a gzip body is whole and within its limit, without ever holding what it inflates to. */
final class GzipCheck {
    private static final int BUFFER_BYTES = 32 << 10;

    private GzipCheck() {}

    /**
     * @throws Refusal if {@code body} is damaged, truncated, or inflates to more than {@code limitBytes}
     */
    static void check(byte[] body, long limitBytes) throws Refusal {
        byte[] buffer = new byte[BUFFER_BYTES];
        long inflatedBytes = 0;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body), BUFFER_BYTES)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                inflatedBytes += read;
                if (inflatedBytes > limitBytes) {
                    throw new Refusal(BodyReceiver.tooLarge(limitBytes));
                }
            }
        } catch (EOFException e) {
            throw new Refusal("truncated gzip body of " + body.length + " bytes");
        } catch (ZipException e) {
            throw new Refusal("damaged gzip body: " + e.getMessage());
        } catch (Refusal e) {
            throw e;
        } catch (IOException e) {
            throw new Refusal("damaged gzip body: " + e);
        }
    }
}
