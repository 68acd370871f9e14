package dev.weir.queryserver.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens the files that the log writes; a test puts failing ones in their place. */
@FunctionalInterface
public interface SegmentFiles {
    /** Real files, created new. */
    SegmentFiles ON_DISK =
            path -> new DiskFile(FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));

    SegmentFile create(Path path) throws IOException;

    /** A file that grows at its end. */
    interface SegmentFile extends AutoCloseable {
        /** Writes all of the bytes at the end, or fails with any part of them written. */
        void append(ByteBuffer... bytes) throws IOException;

        /** Returns once everything appended will survive the machine's sudden end. */
        void force() throws IOException;

        void truncate(long sizeBytes) throws IOException;

        @Override
        void close() throws IOException;
    }
}
