package dev.weir.queryserver.store.block;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.queryserver.encoding.ColdChunkReader;
import dev.weir.queryserver.encoding.DamagedChunkException;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A block file, mapped: header, chunks, index, guard of both, header again. Opening it reads the headers and verifies the
 * index; chunks are read, and verified, when they are asked for. Damage is repaired by parity as soon as it is found.
 * Thread-safe.
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
    private final ReaderCache readers;
    private final Damage damage;
    private final AtomicInteger holders = new AtomicInteger();
    private volatile boolean isObsolete;

    private Block(Path file, BlockHeader header, ByteBuffer bytes, ReaderCache readers, Damage damage) {
        this.file = file;
        this.header = header;
        this.bytes = bytes;
        this.readers = readers;
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
    static Block open(Path file, ReaderCache readers, Damage damage) throws IOException {
        try (FileChannel channel = BlockRepair.channel(file)) {
            BlockHeader header = BlockRepair.header(file, channel, damage);
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, header.fileBytes());
            ByteBuffer index = bytes.slice(header.indexOffset(), header.indexBytes());
            if (PageGuard.crc(index) != header.indexCrc()) {
                BlockRepair.pages(file, bytes, header, header.dataBytes(), header.guardedBytes(), damage);
                if (PageGuard.crc(index) != header.indexCrc()) {
                    throw new IOException("block " + file + ": its index, " + header.indexBytes() + " bytes from byte "
                            + header.indexOffset() + " on, is damaged in more places than parity can repair");
                }
            }
            return new Block(file, header, bytes.order(ByteOrder.LITTLE_ENDIAN), readers, damage);
        }
    }

    /** Reads all of the file and repairs what can be. Returns whether all is whole now; what is not is known as damage. */
    public boolean verify() throws IOException {
        return BlockRepair.all(file, bytes, header, damage);
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
        partition.addTo(found, this, ordinals, new HashMap<>());
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
        partition.addTo(found, this, one, new HashMap<>());
        return found.get(0);
    }

    /** The chunks of a group of so many series, of which the index tells at {@code position}. */
    GroupEntry group(int position, int memberCount) {
        return new GroupEntry(header, new Cursor(bytes, header.indexOffset() + position), memberCount);
    }

    /**
     * Appends the samples of a chunk's series that have {@code fromMs <= t <= toMs}; none, and says so, if the chunk is
     * damaged beyond repair.
     */
    void read(GroupEntry chunk, int place, long fromMs, long toMs, SampleColumns into) {
        int sizeBefore = into.size();
        try {
            if (chunk.isHistograms()) {
                byte[] packed = chunk(chunk);
                if (packed != null) {
                    HistogramRuns.decode(packed, fromMs, toMs, into);
                }
            } else {
                readFloats(chunk, place, fromMs, toMs, into);
            }
        } catch (DamagedChunkException
                | IllegalStateException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | NegativeArraySizeException e) {
            if (into.size() != sizeBefore) {
                throw e;
            }
            damage.found(
                    file, BlockHeader.BYTES + chunk.at(), chunk.length(), "a chunk is left out: " + e.getMessage());
        }
    }

    private void readFloats(GroupEntry chunk, int place, long fromMs, long toMs, SampleColumns into) {
        ColdChunkReader reader = readers.get(this, chunk.at());
        if (reader == null) {
            byte[] packed = chunk(chunk);
            if (packed == null) {
                return;
            }
            reader = new ColdChunkReader(packed);
            readers.put(this, chunk.at(), reader, packed.length);
        }
        int start = into.size();
        int end;
        synchronized (reader) {
            int count = reader.count(place);
            into.reserve(count);
            reader.read(place, into.timestampsMs(), into.values(), start);
            end = start + count;
        }
        long[] times = into.timestampsMs();
        int from = start;
        while (from < end && times[from] < fromMs) {
            from++;
        }
        while (end > from && times[end - 1] > toMs) {
            end--;
        }
        if (from > start) {
            System.arraycopy(times, from, times, start, end - from);
            System.arraycopy(into.values(), from, into.values(), start, end - from);
        }
        into.addReserved(end - from);
    }

    /** A chunk's bytes; null, and said so, if they are damaged beyond repair. */
    private byte @Nullable [] chunk(GroupEntry chunk) {
        byte[] packed = new byte[chunk.length()];
        bytes.get(BlockHeader.BYTES + (int) chunk.at(), packed);
        if (PageGuard.crc(packed) == chunk.crc()) {
            return packed;
        }
        int from = (int) chunk.at();
        try {
            BlockRepair.pages(file, bytes, header, from, from + packed.length, damage);
        } catch (IOException e) {
            LOG.warn("Block {} cannot be repaired: {}", file, e.toString());
        }
        bytes.get(BlockHeader.BYTES + from, packed);
        if (PageGuard.crc(packed) == chunk.crc()) {
            return packed;
        }
        damage.found(file, BlockHeader.BYTES + chunk.at(), packed.length, "a chunk of samples is left out");
        return null;
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
