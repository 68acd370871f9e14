package dev.weir.queryserver.store.block;

import dev.weir.promql.storage.SampleColumns;
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

/** Writes a block file from series in the order of project and {@link GroupOrder}. What is not finished is deleted by {@link #close}. */
final class BlockWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 18;

    private final Path temporary;
    private final FileChannel channel;
    private final OutputStream out;
    private final List<IndexBuilder> projects = new ArrayList<>();
    private final GroupWriter group = new GroupWriter();
    private @Nullable String project;
    private long dataBytes;
    private long series;
    private long samples;
    private long minTimestampMs = Long.MAX_VALUE;
    private long maxTimestampMs = Long.MIN_VALUE;

    BlockWriter(Path temporary) throws IOException {
        this.temporary = temporary;
        this.channel = FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        channel.position(BlockHeader.BYTES);
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    }

    /** Adds a series; one without samples is left out. */
    void add(String ofProject, Labels labels, SampleColumns samples) throws IOException {
        if (samples.size() == 0) {
            return;
        }
        if (!ofProject.equals(project)) {
            endGroup();
            project = ofProject;
            projects.add(new IndexBuilder(ofProject));
        } else if (!group.isEmpty() && !group.takes(labels)) {
            endGroup();
        }
        group.add(labels, samples);
        series++;
    }

    private void endGroup() throws IOException {
        if (group.isEmpty()) {
            return;
        }
        List<GroupChunk> chunks = group.chunks();
        projects.get(projects.size() - 1).group(group.labels(), dataBytes, chunks);
        group.clear();
        for (GroupChunk chunk : chunks) {
            out.write(chunk.bytes());
            dataBytes += chunk.bytes().length;
            samples += chunk.samples();
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
        endGroup();
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
        int indexCrc = PageGuard.crc(indexBytes);
        out.flush();
        BlockRepair.writeFully(channel, indexBytes, BlockHeader.BYTES + dataBytes);
        ByteBuffer guard =
                PageGuard.of(channel.map(FileChannel.MapMode.READ_ONLY, BlockHeader.BYTES, dataBytes + index.size()));
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
                indexCrc,
                guard.limit(),
                PageGuard.crc(guard));
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
