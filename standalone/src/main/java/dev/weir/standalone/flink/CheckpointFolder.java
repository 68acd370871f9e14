package dev.weir.standalone.flink;

import dev.weir.standalone.StartupException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one job over all its runs: {@code <job>/<run>/chk-<n>/_metadata}. Each run has a folder of its own,
 * which Flink names; n goes on counting from run to run, so the highest is the newest.
 */
public final class CheckpointFolder {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFolder.class);
    private static final String PREFIX = "chk-";
    /** How a user says so. */
    static final String TO_GO_BACK = "--from-older-checkpoint goes back to the one before";

    private final Path folder;

    public CheckpointFolder(Path folder) {
        this.folder = folder;
    }

    /** One checkpoint that is complete. */
    private record Complete(Path path, long id, long modifiedMs) {}

    Path path() {
        return folder;
    }

    /** What to do if the newest checkpoint is damaged. */
    public enum Damaged {
        REFUSE,
        TAKE_OLDER
    }

    /**
     * The newest complete checkpoint; with {@link Damaged#TAKE_OLDER} the newest that is not damaged.
     *
     * @throws StartupException if it is damaged, or all are
     */
    public Optional<Path> newest(Damaged damaged) {
        List<Complete> all = complete();
        StartupException first = null;
        for (Complete checkpoint : all) {
            try {
                requireWhole(checkpoint.path());
                return Optional.of(checkpoint.path());
            } catch (IOException | RuntimeException e) {
                String what = "checkpoint " + checkpoint.path() + ": damaged: " + e.getMessage();
                if (damaged == Damaged.REFUSE) {
                    throw new StartupException(what + " (expected: as it was written; " + TO_GO_BACK + ")", e);
                }
                LOG.warn("{}; taking an older one", what);
                first = first == null ? new StartupException(what + " (expected: one that is whole)", e) : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return Optional.empty();
    }

    /** The metadata can be read, and every file that it names is there in its full length. */
    private static void requireWhole(Path checkpoint) throws IOException {
        Path metadata = checkpoint.resolve("_metadata");
        CheckpointMetadata read;
        try (DataInputStream in = new DataInputStream(Files.newInputStream(metadata))) {
            read = Checkpoints.loadCheckpointMetadata(in, CheckpointFolder.class.getClassLoader(), metadata.toString());
        } catch (IOException | RuntimeException e) {
            throw new IOException(metadata.getFileName() + " cannot be read: " + e, e);
        }
        for (OperatorState operator : read.getOperatorStates()) {
            for (OperatorSubtaskState state : operator.getStates()) {
                for (OperatorStateHandle handle : state.getManagedOperatorState()) {
                    requireWhole(handle.getDelegateStateHandle());
                }
                for (KeyedStateHandle handle : state.getManagedKeyedState()) {
                    if (handle instanceof KeyGroupsStateHandle groups) {
                        requireWhole(groups.getDelegateStateHandle());
                    }
                }
            }
        }
    }

    private static void requireWhole(StreamStateHandle handle) throws IOException {
        if (handle instanceof FileStateHandle file) {
            Path path = Path.of(file.getFilePath().toUri().getPath());
            long bytes = Files.size(path);
            if (bytes != file.getStateSize()) {
                throw new IOException(path.getFileName() + " has " + bytes + " bytes, not " + file.getStateSize());
            }
        }
    }

    /**
     * Deletes the folders of all runs but {@code run}, if that has a complete checkpoint of its own.
     *
     * @return whether it had
     */
    boolean forgetRunsBefore(String run) {
        Path present = folder.resolve(run);
        if (complete().stream().noneMatch(checkpoint -> checkpoint.path().startsWith(present))) {
            return false;
        }
        for (Path other : list(folder)) {
            if (!other.equals(present)) {
                delete(other);
            }
        }
        return true;
    }

    private List<Complete> complete() {
        List<Complete> found = new ArrayList<>();
        for (Path run : list(folder)) {
            for (Path checkpoint : list(run)) {
                String name = checkpoint.getFileName().toString();
                Path metadata = checkpoint.resolve("_metadata");
                if (name.matches(PREFIX + "[0-9]{1,18}") && Files.isRegularFile(metadata)) {
                    long id = Long.parseLong(name.substring(PREFIX.length()));
                    found.add(new Complete(checkpoint, id, metadata.toFile().lastModified()));
                }
            }
        }
        found.sort(Comparator.comparingLong(Complete::id)
                .thenComparingLong(Complete::modifiedMs)
                .reversed());
        return found;
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).toList();
        } catch (NoSuchFileException e) {
            return List.of(); // A first start, or a checkpoint that Flink removed just now.
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    /** Deletes the directory and all in it, if it is there. */
    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.warn("old state {}: cannot be deleted: {}", directory, e.toString());
        }
    }
}
