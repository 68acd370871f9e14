package dev.weir.queryserver.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A segment on a file system. */
record DiskFile(FileChannel channel) implements SegmentFiles.SegmentFile {
    @Override
    public void append(ByteBuffer... bytes) throws IOException {
        long left = 0;
        for (ByteBuffer buffer : bytes) {
            left += buffer.remaining();
        }
        while (left > 0) {
            left -= channel.write(bytes);
        }
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
        channel.truncate(sizeBytes);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
