package dev.weir.standalone.flink;

import dev.weir.standalone.StartupException;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
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
 * The checkpoints of one job over all its runs, {@code <job>/<run>/chk-<n>/_metadata}, and its savepoints, {@code
 * <job>/savepoints/<name>/_metadata}, in any file system that Flink knows. Each run has a folder of its own, which Flink
 * names; n goes on counting from run to run, savepoints included, so the highest is the newest.
 */
public final class CheckpointFolder {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFolder.class);
    private static final String PREFIX = "chk-";
    private static final String METADATA = "_metadata";
    private static final String SAVEPOINTS = "savepoints";
    /** How a user says so. */
    static final String TO_GO_BACK = "--from-older-checkpoint goes back to the one before";

    private final Path folder;

    public CheckpointFolder(Path folder) {
        this.folder = folder;
    }

    /** The one in a directory of this machine. */
    public static CheckpointFolder in(java.nio.file.Path folder) {
        return new CheckpointFolder(Path.fromLocalFile(folder.toFile()));
    }

    /** One checkpoint that is complete. */
    private record Complete(Path path, long id, long modifiedMs) {}

    Path path() {
        return folder;
    }

    /** Where the job's savepoints go. */
    Path savepoints() {
        return new Path(folder, SAVEPOINTS);
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
                String what = "checkpoint " + text(checkpoint.path()) + ": damaged: " + e.getMessage();
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

    /** As the user would write it. */
    static String text(Path path) {
        return "file".equals(path.toUri().getScheme()) ? path.getPath() : path.toString();
    }

    private static CheckpointMetadata metadata(Path checkpoint) throws IOException {
        Path file = new Path(checkpoint, METADATA);
        try (DataInputStream in = new DataInputStream(file.getFileSystem().open(file))) {
            return Checkpoints.loadCheckpointMetadata(in, CheckpointFolder.class.getClassLoader(), file.toString());
        } catch (IOException | RuntimeException e) {
            throw new IOException(METADATA + " cannot be read: " + e, e);
        }
    }

    /** The metadata can be read, and every file that it names is there in its full length. */
    private static void requireWhole(Path checkpoint) throws IOException {
        CheckpointMetadata read = metadata(checkpoint);
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
            Path path = file.getFilePath();
            long bytes = path.getFileSystem().getFileStatus(path).getLen();
            if (bytes != file.getStateSize()) {
                throw new IOException(path.getName() + " has " + bytes + " bytes, not " + file.getStateSize());
            }
        }
    }

    /**
     * Deletes the folders of all runs but {@code run}, if that has a complete checkpoint of its own.
     *
     * @return whether it had
     */
    boolean forgetRunsBefore(String run) {
        Path present = new Path(folder, run);
        if (complete().stream()
                .noneMatch(checkpoint -> checkpoint.path().getParent().equals(present))) {
            return false;
        }
        for (Path other : list(folder)) {
            if (!other.equals(present) && !other.equals(savepoints())) {
                delete(other);
            }
        }
        return true;
    }

    private List<Complete> complete() {
        List<Complete> found = new ArrayList<>();
        for (Path run : list(folder)) {
            for (Path checkpoint : list(run)) {
                try {
                    FileStatus file = folder.getFileSystem().getFileStatus(new Path(checkpoint, METADATA));
                    id(run, checkpoint)
                            .ifPresent(id -> found.add(new Complete(checkpoint, id, file.getModificationTime())));
                } catch (FileNotFoundException ignored) {
                    // Not complete, or not a checkpoint.
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot read " + text(checkpoint), e);
                }
            }
        }
        found.sort(Comparator.comparingLong(Complete::id)
                .thenComparingLong(Complete::modifiedMs)
                .reversed());
        return found;
    }

    private Optional<Long> id(Path run, Path checkpoint) {
        if (run.equals(savepoints())) {
            try {
                return Optional.of(metadata(checkpoint).getCheckpointId());
            } catch (IOException e) {
                LOG.warn("savepoint {}: passed over: {}", text(checkpoint), e.getMessage());
                return Optional.empty();
            }
        }
        String name = checkpoint.getName();
        return name.matches(PREFIX + "[0-9]{1,18}")
                ? Optional.of(Long.parseLong(name.substring(PREFIX.length())))
                : Optional.empty();
    }

    private static List<Path> list(Path directory) {
        try {
            FileStatus[] entries = directory.getFileSystem().listStatus(directory);
            return entries == null
                    ? List.of()
                    : Arrays.stream(entries)
                            .filter(FileStatus::isDir)
                            .map(FileStatus::getPath)
                            .toList();
        } catch (FileNotFoundException e) {
            return List.of(); // A first start, or a checkpoint that Flink removed just now.
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + text(directory), e);
        }
    }

    private static void delete(Path directory) {
        try {
            directory.getFileSystem().delete(directory, true);
        } catch (IOException e) {
            LOG.warn("old state {}: cannot be deleted: {}", text(directory), e.toString());
        }
    }
}
