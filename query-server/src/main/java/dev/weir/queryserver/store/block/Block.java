package dev.weir.queryserver.store.block;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A block file, mapped: header, chunks, index, guard of the index, header again. Opening it reads the headers and verifies
 * the index; chunks are read, and verified, when they are asked for. Thread-safe.
 *
 * <p>Held by the {@link BlockSet}s it is in. When the last of them is let go of, an obsolete block's file is emptied and
 * deleted, so that its room is free at once.
 */
public final class Block {
    private static final Logger LOG = LoggerFactory.getLogger(Block.class);

    private final Path file;
    private final BlockHeader header;
    private final ByteBuffer bytes;
    private final Map<String, Partition> partitions = new TreeMap<>();
    private final Damage damage;
    private final AtomicInteger holders = new AtomicInteger();
    private volatile boolean isObsolete;

    private Block(Path file, BlockHeader header, ByteBuffer bytes, Damage damage) {
        this.file = file;
        this.header = header;
        this.bytes = bytes;
        this.damage = damage;
        ByteBuffer index =
                bytes.slice(header.indexOffset(), header.indexBytes()).order(ByteOrder.LITTLE_ENDIAN);
        Cursor directory = new Cursor(index, index.getInt(index.limit() - Integer.BYTES));
        for (int count = directory.readInt(); count > 0; count--) {
            Partition partition = new Partition(index, directory);
            partitions.put(partition.project(), partition);
        }
    }

    /**
     * Maps a file and verifies its index, repairing it and a damaged header where that is possible.
     *
     * @throws IOException if it cannot be read, or is damaged beyond that; the message names file and place
     */
    static Block open(Path file, Damage damage) throws IOException {
        try (FileChannel channel = BlockRepair.channel(file)) {
            BlockHeader header = BlockRepair.header(file, channel, damage);
            BlockRepair.index(file, channel, header, damage);
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, header.fileBytes());
            return new Block(file, header, bytes.order(ByteOrder.LITTLE_ENDIAN), damage);
        }
    }

    BlockHeader header() {
        return header;
    }

    Path file() {
        return file;
    }

    public long sizeBytes() {
        return header.fileBytes();
    }

    public long minTimestampMs() {
        return header.minTimestampMs();
    }

    public long maxTimestampMs() {
        return header.maxTimestampMs();
    }

    Set<String> projects() {
        return partitions.keySet();
    }

    @Nullable
    Partition partition(String project) {
        return partitions.get(project);
    }

    boolean overlaps(long fromMs, long toMs) {
        return header.minTimestampMs() <= toMs && header.maxTimestampMs() >= fromMs;
    }

    /** One project's series that satisfy every matcher, in the order of their labels. */
    List<BlockSeries> select(String project, List<LabelMatcher> matchers) {
        Partition partition = partitions.get(project);
        if (partition == null) {
            return List.of();
        }
        BitSet ordinals = partition.select(matchers);
        List<BlockSeries> found = new ArrayList<>(ordinals.cardinality());
        Map<Integer, String> texts = Partition.newTexts();
        partition.rows(
                ordinals,
                (ordinal, pairs, pairCount, chunksAt, dataAt) ->
                        found.add(new BlockSeries(this, partition.labels(pairs, pairCount, texts), chunksAt, dataAt)));
        return found;
    }

    /** The series of exactly these labels; null if there is none. */
    @Nullable
    BlockSeries find(String project, Labels labels) {
        Partition partition = partitions.get(project);
        int ordinal = partition == null ? -1 : partition.find(labels);
        if (partition == null || ordinal < 0) {
            return null;
        }
        BitSet one = new BitSet();
        one.set(ordinal);
        List<BlockSeries> found = new ArrayList<>(1);
        partition.rows(
                one,
                (number, pairs, pairCount, chunksAt, dataAt) ->
                        found.add(new BlockSeries(this, labels, chunksAt, dataAt)));
        return found.get(0);
    }

    /** Where in the index a series' chunks are told of. */
    Cursor index(int position) {
        return new Cursor(bytes, header.indexOffset() + position);
    }

    /** A chunk's bytes; null, and said so, if they are damaged. */
    byte @Nullable [] chunk(long dataAt, int length, int crc) {
        byte[] chunk = new byte[length];
        bytes.get(BlockHeader.BYTES + (int) dataAt, chunk);
        if (PageGuard.crc(chunk) != crc) {
            damage.found(file, BlockHeader.BYTES + dataAt, length, "a chunk of samples is left out");
            return null;
        }
        return chunk;
    }

    /** Appends samples of a chunk; of one that cannot be decoded, none, and says so. */
    void decode(byte[] chunk, long dataAt, long fromMs, long toMs, SampleColumns into) {
        try {
            ChunkCodec.decode(chunk, fromMs, toMs, into);
        } catch (IOException e) {
            damage.found(file, BlockHeader.BYTES + dataAt, chunk.length, "a chunk is left out: " + e.getMessage());
        }
    }

    void hold() {
        holders.incrementAndGet();
    }

    void letGo() {
        if (holders.decrementAndGet() == 0 && isObsolete) {
            delete();
        }
    }

    /** Its file is to go as soon as nobody reads it. */
    void retire() {
        isObsolete = true;
    }

    private void delete() {
        try {
            // A deleted file keeps its room for as long as it is mapped; an empty one has none.
            try (FileChannel channel = BlockRepair.channel(file)) {
                channel.truncate(0);
            }
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("Block {} cannot be deleted: {}", file, e.toString());
        }
    }
}
