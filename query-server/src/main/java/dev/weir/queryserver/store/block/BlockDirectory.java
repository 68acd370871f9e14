package dev.weir.queryserver.store.block;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.series.Labels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of blocks. A block appears whole, by its renaming, or not at all; a merged one supersedes those whose flushes
 * it holds by being there. Changed by one thread at a time.
 */
public final class BlockDirectory {
    /** The largest block that merging makes: one mapping, and an index that is found in memory. */
    public static final long MAX_MERGED_BYTES = 1L << 30;

    private static final Logger LOG = LoggerFactory.getLogger(BlockDirectory.class);
    private static final String SUFFIX = ".block";
    private static final String TEMPORARY = ".tmp";
    private static final String DAMAGED = ".damaged";

    private final Path directory;
    private final Damage damage;
    private final SelectionCache cache = new SelectionCache();
    private final ReaderCache readers = new ReaderCache();
    private long lastSequence;
    private long throughSegment;

    private BlockDirectory(Path directory, Damage damage) {
        this.directory = directory;
        this.damage = damage;
    }

    /** What a new block is made of. */
    @FunctionalInterface
    public interface Source {
        /** Gives series in the order of project and {@link GroupOrder}. */
        void forEach(SeriesConsumer consumer) throws IOException;
    }

    /** Takes one series' samples. */
    @FunctionalInterface
    public interface SeriesConsumer {
        void accept(String project, Labels labels, SampleColumns samples) throws IOException;
    }

    /** The directory, created if missing, less what an interrupted write or merge has left. */
    public static BlockDirectory open(Path directory, Damage damage) throws IOException {
        Files.createDirectories(directory);
        return new BlockDirectory(directory, damage);
    }

    /**
     * The blocks there are. One that is damaged beyond repair is set aside under another name, so that it is asked about
     * once.
     */
    public BlockSet load() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path file : files()) {
            try {
                blocks.add(Block.open(file, readers, damage));
            } catch (IOException e) {
                Path aside = file.resolveSibling(file.getFileName() + DAMAGED);
                damage.found(
                        file,
                        0,
                        Files.size(file),
                        "the block is set aside as " + aside.getFileName() + ": " + e.getMessage());
                Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        // Of two that begin with the same flush, the one that goes further comes first.
        blocks.sort(Comparator.comparingLong((Block b) -> b.header().firstSequence())
                .thenComparing(b -> -b.header().lastSequence()));
        List<Block> current = new ArrayList<>();
        for (Block block : blocks) {
            if (block.header().lastSequence() <= lastSequence) {
                Files.deleteIfExists(block.file());
                continue;
            }
            lastSequence = block.header().lastSequence();
            throughSegment = Math.max(throughSegment, block.header().throughSegment());
            current.add(block);
        }
        syncDirectory();
        return new BlockSet(current, 0, cache);
    }

    /** Log segments up to this one hold nothing that is not in a block. */
    public long throughSegment() {
        return throughSegment;
    }

    /** A new block; null if {@code source} gave no samples. On failure nothing is left of it. */
    public @Nullable Block write(Source source, long newThroughSegment) throws IOException {
        long sequence = lastSequence + 1;
        Path target = path(sequence, sequence);
        try (BlockWriter writer = new BlockWriter(temporary(target))) {
            source.forEach(writer::add);
            if (writer.isEmpty()) {
                return null;
            }
            writer.finish(target, sequence, sequence, newThroughSegment);
        }
        syncDirectory();
        lastSequence = sequence;
        throughSegment = newThroughSegment;
        return Block.open(target, readers, damage);
    }

    /** One block of two or more that follow each other; null if nothing is left of them. On failure nothing is left of it. */
    public @Nullable Block merge(List<Block> blocks, long oldestKeptMs) throws IOException {
        long first = blocks.get(0).header().firstSequence();
        long last = blocks.get(blocks.size() - 1).header().lastSequence();
        long through = blocks.stream()
                .mapToLong(block -> block.header().throughSegment())
                .max()
                .orElse(0);
        Path target = path(first, last);
        try (BlockWriter writer = new BlockWriter(temporary(target))) {
            new BlockMerger(blocks, oldestKeptMs).run(writer);
            if (writer.isEmpty()) {
                return null;
            }
            writer.finish(target, first, last, through);
        }
        syncDirectory();
        return Block.open(target, readers, damage);
    }

    /** The blocks to merge next; empty if none. */
    public static List<Block> mergeable(BlockSet set, MergePolicy policy) {
        return policy.choose(set.blocks());
    }

    /** The set with {@code added}, whose samples have left the head, behind the others. */
    public BlockSet with(BlockSet set, Block added) {
        List<Block> blocks = new ArrayList<>(set.blocks());
        blocks.add(added);
        return new BlockSet(blocks, set.generation() + 1, cache);
    }

    /** The set with {@code merged}, if there is any, in the place of {@code blocks}, whose files go when nobody reads them. */
    public BlockSet replaced(BlockSet set, List<Block> blocks, @Nullable Block merged) {
        List<Block> kept = new ArrayList<>();
        for (Block block : set.blocks()) {
            if (!blocks.contains(block)) {
                kept.add(block);
            } else if (merged != null && block.equals(blocks.get(0))) {
                kept.add(merged);
            }
        }
        blocks.forEach(Block::retire);
        blocks.forEach(cache::forget);
        blocks.forEach(readers::forget);
        return new BlockSet(kept, set.generation(), cache);
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> paths = Files.list(directory)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String name = path.getFileName().toString();
                if (name.endsWith(TEMPORARY)) {
                    LOG.info("Block {} was not finished and is deleted", path);
                    Files.delete(path);
                } else if (name.endsWith(SUFFIX)) {
                    files.add(path);
                }
            }
        }
        return files;
    }

    private Path path(long firstSequence, long lastSequenceOfBlock) {
        return directory.resolve(String.format("%012d-%012d%s", firstSequence, lastSequenceOfBlock, SUFFIX));
    }

    private static Path temporary(Path target) {
        return target.resolveSibling(target.getFileName() + TEMPORARY);
    }

    /** A new name survives only once its directory is forced too. */
    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
