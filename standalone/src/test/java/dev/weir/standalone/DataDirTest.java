package dev.weir.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void belongsToOneAtATime() {
        try (DataDir first = DataDir.open(folder.resolve("data"))) {
            StartupException refused = assertThrows(StartupException.class, () -> DataDir.open(folder.resolve("data")));
            assertEquals(
                    "data_dir " + first.path() + ": in use by process "
                            + ProcessHandle.current().pid()
                            + " (expected: one Weir per data_dir; stop the other one or give another data_dir)",
                    refused.getMessage());
        }
        DataDir.open(folder.resolve("data")).close();
    }

    @Test
    void saysWhyItCannotBeUsed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        StartupException refused = assertThrows(StartupException.class, () -> DataDir.open(file.resolve("data")));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("data_dir " + file), refused.toString());
    }

    @Test
    void portsAreRememberedWhileTheyAreFree() throws Exception {
        Path file = folder.resolve("ports/broker");
        int port = Ports.remembered(file, 20_000, 500);
        assertTrue(Ports.isFree(port));
        assertEquals(port, Ports.remembered(file, 20_001, 500));
        try (java.net.ServerSocket taken = new java.net.ServerSocket()) {
            taken.bind(new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port));
            int other = Ports.remembered(file, 20_000, 500);
            assertTrue(other != port, "port " + other);
            assertEquals(other, Ports.remembered(file, 20_000, 500));
        }
    }

    @Test
    void rubbishInAPortFileIsReplaced() throws Exception {
        Path file = Files.writeString(folder.resolve("port"), "99999999");
        int port = Ports.remembered(file, 20_000, 500);
        assertEquals(port + "\n", Files.readString(file));
    }
}
