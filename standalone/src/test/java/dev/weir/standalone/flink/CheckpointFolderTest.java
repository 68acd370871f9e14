package dev.weir.standalone.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.standalone.StartupException;
import dev.weir.standalone.flink.CheckpointFolder.Damaged;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
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
        assertEquals(Optional.of(newest), newest(CheckpointFolder.in(folder), Damaged.REFUSE));
    }

    @Test
    void aSavepointIsAsNewAsItsNumberSays() throws IOException {
        Path earlier = complete("savepoints", 8, "savepoint-b");
        Path checkpoint = complete("run-a", 9);
        assertEquals(Optional.of(checkpoint), newest(CheckpointFolder.in(folder), Damaged.REFUSE));
        Path later = complete("savepoints", 10, "savepoint-a");
        assertEquals(Optional.of(later), newest(CheckpointFolder.in(folder), Damaged.REFUSE));
        assertTrue(CheckpointFolder.in(folder).forgetRunsBefore("run-a"));
        assertTrue(Files.exists(earlier), "savepoints are the user's");
    }

    @Test
    void aDamagedNewestOneIsRefusedByNameAndPassedOverIfAskedFor() throws IOException {
        Path good = complete("run-a", 3);
        Path damaged = complete("run-a", 4);
        byte[] bytes = Files.readAllBytes(damaged.resolve("_metadata"));
        Files.write(damaged.resolve("_metadata"), java.util.Arrays.copyOf(bytes, bytes.length - 1));
        CheckpointFolder checkpoints = CheckpointFolder.in(folder);
        StartupException refused = assertThrows(StartupException.class, () -> checkpoints.newest(Damaged.REFUSE));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith("checkpoint " + damaged + ": damaged: "), message);
        assertTrue(message.contains("--from-older-checkpoint"), message);
        assertEquals(Optional.of(good), newest(checkpoints, Damaged.TAKE_OLDER));
    }

    @Test
    void aNewestOneThatLacksAFileIsRefused() throws IOException {
        Path good = complete("run-a", 3);
        Path state = Files.write(folder.resolve("state"), new byte[100]);
        Path torn = complete("run-a", 4, state);
        CheckpointFolder checkpoints = CheckpointFolder.in(folder);
        assertEquals(Optional.of(torn), newest(checkpoints, Damaged.REFUSE));
        Files.write(state, new byte[99]);
        StartupException refused = assertThrows(StartupException.class, () -> checkpoints.newest(Damaged.REFUSE));
        assertTrue(String.valueOf(refused.getMessage()).contains("state has 99 bytes, not 100"));
        assertEquals(Optional.of(good), newest(checkpoints, Damaged.TAKE_OLDER));
    }

    @Test
    void thereIsNoGoingBackToNothing() throws IOException {
        Files.write(complete("run-b", 5).resolve("_metadata"), new byte[0]);
        assertThrows(StartupException.class, () -> CheckpointFolder.in(folder).newest(Damaged.TAKE_OLDER));
    }

    @Test
    void aFirstStartHasNone() {
        assertEquals(Optional.empty(), newest(CheckpointFolder.in(folder.resolve("missing")), Damaged.REFUSE));
    }

    @Test
    void earlierRunsGoOnceThePresentOneHasACheckpoint() throws IOException {
        Path old = complete("run-a", 3);
        Files.createDirectories(folder.resolve("run-b/chk-4"));
        CheckpointFolder checkpoints = CheckpointFolder.in(folder);
        assertFalse(checkpoints.forgetRunsBefore("run-b"));
        assertTrue(Files.exists(old));
        Path present = complete("run-b", 5);
        assertTrue(checkpoints.forgetRunsBefore("run-b"));
        assertFalse(Files.exists(folder.resolve("run-a")));
        assertEquals(Optional.of(present), newest(checkpoints, Damaged.REFUSE));
    }

    @Test
    void everyJobHasAFolderOfItsOwnWhateverItsName() {
        assertEquals("delivery-query-server", EmbeddedFlink.folderName("delivery-query-server"));
        assertFalse(EmbeddedFlink.folderName("delivery-../../x").contains("/"));
        assertFalse(EmbeddedFlink.folderName("delivery-a/b").equals(EmbeddedFlink.folderName("delivery-a_b")));
    }

    private static Optional<Path> newest(CheckpointFolder checkpoints, Damaged damaged) {
        return checkpoints.newest(damaged).map(path -> Path.of(path.getPath()));
    }

    private Path complete(String run, long id) throws IOException {
        return complete(run, id, List.of());
    }

    /** One with a state that lies in that file. */
    private Path complete(String run, long id, Path file) throws IOException {
        OperatorStateHandle handle = new OperatorStreamStateHandle(
                Map.of(), new FileStateHandle(new org.apache.flink.core.fs.Path(file.toUri()), Files.size(file)));
        OperatorState state = new OperatorState("name", "uid", new OperatorID(1, 2), 1, 1);
        state.putState(
                0,
                OperatorSubtaskState.builder().setManagedOperatorState(handle).build());
        return complete(run, id, List.of(state));
    }

    private Path complete(String run, long id, List<OperatorState> states) throws IOException {
        return complete(run, id, "chk-" + id, states);
    }

    private Path complete(String run, long id, String name) throws IOException {
        return complete(run, id, name, List.of());
    }

    private Path complete(String run, long id, String name, List<OperatorState> states) throws IOException {
        Path checkpoint = Files.createDirectories(folder.resolve(run).resolve(name));
        try (OutputStream out = Files.newOutputStream(checkpoint.resolve("_metadata"))) {
            Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(id, states, List.of()), out);
        }
        return checkpoint;
    }
}
