package dev.weir.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations, sizes, addresses and secrets as texts. */
class SyntaxTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0s",
        "0s, 0, 0s",
        "15s, 15000, 15s",
        "1m30s, 90000, 1m30s",
        "90s, 90000, 1m30s",
        "250ms, 250, 250ms",
        "1h0m5s, 3605000, 1h5s",
        "1d, 86400000, 1d",
        "2w, 1209600000, 2w",
        "1y, 31536000000, 1y",
        "1y1d, 31622400000, 366d",
        "1w1d1h1m1s1ms, 694861001, 8d1h1m1s1ms"
    })
    void durationIsReadAndWrittenAsInPrometheus(String text, long ms, String written) {
        assertEquals(Duration.ofMillis(ms), DurationSyntax.parse(text));
        assertEquals(written, DurationSyntax.format(Duration.ofMillis(ms)));
        assertEquals(Duration.ofMillis(ms), DurationSyntax.parse(written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "-5s",
                "5S",
                "1.5s",
                "5s1m",
                "1m1m",
                " 5s",
                "s",
                "1us",
                "99999999999999999999s",
                "9223372036854775807y"
            })
    void anythingElseIsNoDuration(String text) {
        assertThrows(IllegalArgumentException.class, () -> DurationSyntax.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "7, 7",
        "7B, 7",
        "1KB, 1024",
        "1KiB, 1024",
        "1.5MB, 1572864",
        "10MB, 10485760",
        "1GiB, 1073741824",
        "2TB, 2199023255552",
        "1PB, 1125899906842624",
        "7EiB, 8070450532247928832"
    })
    void sizeUnitsAreBinaryAsInPrometheus(String text, long bytes) {
        assertEquals(bytes, SizeSyntax.parseBytes(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MB", "1K", "1kb", "-1MB", "1 MB", "8EiB", "9999999999EB", "1e3"})
    void anythingElseIsNoSize(String text) {
        assertThrows(IllegalArgumentException.class, () -> SizeSyntax.parseBytes(text));
    }

    @Test
    void addressKnowsWhetherItIsLoopback() {
        assertTrue(HostPort.parse("127.0.0.1:1").isLoopback());
        assertTrue(HostPort.parse("127.8.8.8:1").isLoopback());
        assertTrue(HostPort.parse("localhost:1").isLoopback());
        assertTrue(HostPort.parse("[::1]:1").isLoopback());
        assertFalse(HostPort.parse("0.0.0.0:1").isLoopback());
        assertFalse(HostPort.parse("[::]:1").isLoopback());
        assertFalse(HostPort.parse("127.0.0.1.example.com:1").isLoopback());
        assertEquals("[::1]:1", HostPort.parse("[::1]:1").toString());
        for (String wrong : new String[] {"", "a", ":1", "a:", "a:b", "a:65536", "::1:1", "a:-1", "[]:1"}) {
            assertThrows(IllegalArgumentException.class, () -> HostPort.parse(wrong), wrong);
        }
    }

    @Test
    void secretInAFileIsReadAtEachUse(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("token");
        Files.writeString(file, "one\n");
        Secret secret = Secret.inFile(file.toString());
        assertEquals("one", secret.reveal());
        Files.writeString(file, "two\n");
        assertEquals("two", secret.reveal());
        assertEquals("<secret in " + file + ">", secret.toString());
        assertEquals("<secret>", Secret.of("x").toString());
        Files.delete(file);
        assertThrows(IOException.class, secret::reveal);
    }
}
