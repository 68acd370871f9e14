package dev.weir.queryserver.store.block;

import dev.weir.queryserver.encoding.ByteWriter;
import dev.weir.series.Labels;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a block file from series in the order of project and labels. What is not finished is deleted by {@link #close}. */
final class BlockWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 18;

    private final Path temporary;
    private final FileChannel channel;
    private final OutputStream out;
    private final List<IndexBuilder> projects = new ArrayList<>();
    private @Nullable String project;
    private long dataBytes;
    private long series;
    private long samples;
    private long minTimestampMs = Long.MAX_VALUE;
    private long maxTimestampMs = Long.MIN_VALUE;

    BlockWriter(Path temporary) throws IOException {
        this.temporary = temporary;
        this.channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        channel.position(BlockHeader.BYTES);
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    }

    /** Adds a series; one without chunks is left out. */
    void add(String ofProject, Labels labels, List<StoredChunk> chunks) throws IOException {
        if (chunks.isEmpty()) {
            return;
        }
        if (!ofProject.equals(project)) {
            project = ofProject;
            projects.add(new IndexBuilder(ofProject, dataBytes));
        }
        IndexBuilder index = projects.get(projects.size() - 1);
        index.series(labels);
        series++;
        for (StoredChunk chunk : chunks) {
            index.chunk(chunk, PageGuard.crc(chunk.bytes()));
            out.write(chunk.bytes());
            dataBytes += chunk.bytes().length;
            samples += chunk.count();
            minTimestampMs = Math.min(minTimestampMs, chunk.minTimestampMs());
            maxTimestampMs = Math.max(maxTimestampMs, chunk.maxTimestampMs());
        }
        if (dataBytes > Integer.MAX_VALUE / 2) {
            throw new IOException("block " + temporary + ": " + dataBytes + " bytes of chunks (expected: at most "
                    + Integer.MAX_VALUE / 2 + ")");
        }
    }

    boolean isEmpty() {
        return series == 0;
    }

    /** Makes the file durable under its name, which says that it holds these flushes. */
    void finish(Path target, long firstSequence, long lastSequence, long throughSegment) throws IOException {
        long unitMs = (maxTimestampMs - minTimestampMs) / 255 + 1;
        ByteWriter index = new ByteWriter(1 << 16);
        ByteWriter directory = new ByteWriter(1024);
        directory.writeUnsigned(projects.size());
        for (IndexBuilder builder : projects) {
            builder.finish(minTimestampMs, unitMs, index, directory);
        }
        int directoryAt = index.size();
        index.writeBytes(directory);
        index.writeFixed32(directoryAt);
        ByteBuffer indexBytes = ByteBuffer.wrap(index.bytes(), 0, index.size()).slice();
        ByteBuffer guard = PageGuard.of(indexBytes);
        BlockHeader header = new BlockHeader(
                firstSequence,
                lastSequence,
                throughSegment,
                minTimestampMs,
                maxTimestampMs,
                series,
                samples,
                (int) dataBytes,
                index.size(),
                PageGuard.crc(indexBytes),
                guard.limit(),
                PageGuard.crc(guard));
        out.flush();
        BlockRepair.writeFully(channel, indexBytes, header.indexOffset());
        BlockRepair.writeFully(channel, guard, header.guardOffset());
        BlockRepair.writeFully(channel, header.encode(), header.footerOffset());
        BlockRepair.writeFully(channel, header.encode(), 0);
        channel.force(true);
        channel.close();
        Files.move(temporary, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }
}
