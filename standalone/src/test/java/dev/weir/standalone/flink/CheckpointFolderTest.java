package dev.weir.standalone.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void newestIsTheHighestCompleteOneOfAllRuns() throws IOException {
        complete("run-a", 9);
        Path newest = complete("run-b", 10);
        Files.createDirectories(folder.resolve("run-b/chk-11"));
        Files.createDirectories(folder.resolve("run-b/shared"));
        Files.writeString(folder.resolve("stray"), "");
        assertEquals(Optional.of(newest), new CheckpointFolder(folder).newest());
    }

    @Test
    void aDamagedOneIsPassedOver() throws IOException {
        Path good = complete("run-a", 3);
        Path damaged = complete("run-a", 4);
        byte[] bytes = Files.readAllBytes(damaged.resolve("_metadata"));
        Files.write(damaged.resolve("_metadata"), java.util.Arrays.copyOf(bytes, bytes.length - 1));
        Files.write(complete("run-b", 5).resolve("_metadata"), new byte[0]);
        assertEquals(Optional.of(good), new CheckpointFolder(folder).newest());
    }

    @Test
    void aFirstStartHasNone() {
        assertEquals(Optional.empty(), new CheckpointFolder(folder.resolve("missing")).newest());
    }

    @Test
    void earlierRunsGoOnceThePresentOneHasACheckpoint() throws IOException {
        Path old = complete("run-a", 3);
        Files.createDirectories(folder.resolve("run-b/chk-4"));
        CheckpointFolder checkpoints = new CheckpointFolder(folder);
        assertFalse(checkpoints.forgetRunsBefore("run-b"));
        assertTrue(Files.exists(old));
        Path present = complete("run-b", 5);
        assertTrue(checkpoints.forgetRunsBefore("run-b"));
        assertFalse(Files.exists(folder.resolve("run-a")));
        assertEquals(Optional.of(present), checkpoints.newest());
    }

    @Test
    void everyJobHasAFolderOfItsOwnWhateverItsName() {
        assertEquals("delivery-query-server", EmbeddedFlink.folderName("delivery-query-server"));
        assertFalse(EmbeddedFlink.folderName("delivery-../../x").contains("/"));
        assertFalse(EmbeddedFlink.folderName("delivery-a/b").equals(EmbeddedFlink.folderName("delivery-a_b")));
    }

    private Path complete(String run, long id) throws IOException {
        Path checkpoint = Files.createDirectories(folder.resolve(run).resolve("chk-" + id));
        try (OutputStream out = Files.newOutputStream(checkpoint.resolve("_metadata"))) {
            Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(id, List.of(), List.of()), out);
        }
        return checkpoint;
    }
}
