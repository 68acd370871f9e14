package dev.weir.queryserver.store.block;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verifies what every block needs, header and index, and repairs it in the file. */
final class BlockRepair {
    private BlockRepair() {}

    static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** The header, of whichever copy is whole; the other is replaced. */
    static BlockHeader header(Path file, FileChannel channel, Damage damage) throws IOException {
        BlockHeader first = headerAt(channel, 0);
        BlockHeader last = headerAt(channel, channel.size() - BlockHeader.BYTES);
        BlockHeader header = first == null ? last : first;
        if (header == null) {
            throw new IOException("block " + file + ": no undamaged header at byte 0 or at its end, byte "
                    + (channel.size() - BlockHeader.BYTES));
        }
        if (channel.size() < header.fileBytes()) {
            if (channel.size() < header.footerOffset()) {
                throw new IOException("block " + file + ": cut off at byte " + channel.size() + " (expected: "
                        + header.fileBytes() + " bytes)");
            }
            last = null;
        }
        if (first == null || last == null) {
            long offset = first == null ? 0 : header.footerOffset();
            writeFully(channel, header.encode(), offset);
            channel.force(false);
            damage.found(file, offset, BlockHeader.BYTES, "this copy of the header is replaced by the other");
        }
        return header;
    }

    static void index(Path file, FileChannel channel, BlockHeader header, Damage damage) throws IOException {
        ByteBuffer index = read(channel, header.indexOffset(), header.indexBytes());
        ByteBuffer guard = read(channel, header.guardOffset(), header.guardBytes());
        boolean isIndexWhole = PageGuard.crc(index) == header.indexCrc();
        boolean isGuardWhole = PageGuard.crc(guard) == header.guardCrc();
        if (isIndexWhole && isGuardWhole) {
            return;
        }
        if (isIndexWhole) {
            writeFully(channel, PageGuard.of(index), header.guardOffset());
            channel.force(false);
            damage.found(file, header.guardOffset(), header.guardBytes(), "checksums and parity are made anew");
            return;
        }
        // Even a damaged guard may hold the page that is needed: what it restores is verified.
        List<Integer> repaired = PageGuard.repair(index, guard);
        if (repaired == null || PageGuard.crc(index) != header.indexCrc()) {
            throw new IOException("block " + file + ": its index, " + header.indexBytes() + " bytes from byte "
                    + header.indexOffset() + " on, is damaged in more places than parity can repair");
        }
        writeFully(channel, index.rewind(), header.indexOffset());
        writeFully(channel, PageGuard.of(index), header.guardOffset());
        channel.force(false);
        for (int page : repaired) {
            damage.found(
                    file,
                    header.indexOffset() + (long) page * PageGuard.PAGE_BYTES,
                    PageGuard.PAGE_BYTES,
                    "a page of the index is repaired by parity");
        }
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes, long offset) throws IOException {
        ByteBuffer rest = bytes.duplicate();
        long at = offset;
        while (rest.hasRemaining()) {
            at += channel.write(rest, at);
        }
    }

    private static @Nullable BlockHeader headerAt(FileChannel channel, long offset) throws IOException {
        return offset < 0 || offset + BlockHeader.BYTES > channel.size()
                ? null
                : BlockHeader.decode(read(channel, offset, BlockHeader.BYTES));
    }

    private static ByteBuffer read(FileChannel channel, long offset, int size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException("end of file at byte " + channel.size());
            }
        }
        return bytes.flip();
    }
}
