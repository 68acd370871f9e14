package dev.weir.queryserver.store.block;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Verifies the parts of a block file, and repairs them in the file where their redundancy allows it. */
final class BlockRepair {
    private BlockRepair() {}

    static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /**
     * The header, of whichever copy is whole; the other is replaced.
     *
     * @throws IOException if neither is, or the file is shorter than it says
     */
    static BlockHeader header(Path file, FileChannel channel, Damage damage) throws IOException {
        BlockHeader first = headerAt(channel, 0);
        BlockHeader last = headerAt(channel, channel.size() - BlockHeader.BYTES);
        BlockHeader header = first == null ? last : first;
        if (header == null) {
            throw new IOException("block " + file + ": no undamaged header at byte 0 or at its end, byte "
                    + (channel.size() - BlockHeader.BYTES));
        }
        if (channel.size() < header.footerOffset()) {
            throw new IOException("block " + file + ": cut off at byte " + channel.size() + " (expected: "
                    + header.fileBytes() + " bytes)");
        }
        if (!header.equals(first) || !header.equals(last)) {
            long offset = first == null ? 0 : header.footerOffset();
            writeFully(channel, header.encode(), offset);
            channel.force(false);
            damage.found(file, offset, BlockHeader.BYTES, "this copy of the header is replaced by the other");
        }
        return header;
    }

    /**
     * Repairs chunks and index between two places, from the start of the chunks. Returns whether all is whole now.
     *
     * @param bytes the file, mapped
     */
    static boolean pages(Path file, ByteBuffer bytes, BlockHeader header, int from, int to, Damage damage)
            throws IOException {
        PageGuard guard = new PageGuard(guarded(bytes, header), guard(bytes, header));
        try (FileChannel channel = channel(file)) {
            boolean isWhole = guard.repair(from, to, (offset, content) -> {
                writeFully(channel, ByteBuffer.wrap(content), BlockHeader.BYTES + (long) offset);
                channel.force(false);
                damage.found(file, BlockHeader.BYTES + (long) offset, content.length, "the page is repaired by parity");
            });
            return isWhole;
        }
    }

    /** Verifies chunks, index and guard, and repairs what can be. Returns whether all is whole now. */
    static boolean all(Path file, ByteBuffer bytes, BlockHeader header, Damage damage) throws IOException {
        try (FileChannel channel = channel(file)) {
            header(file, channel, damage);
        }
        boolean isGuardWhole = PageGuard.crc(guard(bytes, header)) == header.guardCrc();
        if (!isGuardWhole) {
            isGuardWhole = renewGuard(file, bytes, header, damage);
        }
        boolean isWhole = pages(file, bytes, header, 0, header.guardedBytes(), damage);
        if (!isGuardWhole && !renewGuard(file, bytes, header, damage)) {
            damage.found(file, header.guardOffset(), header.guardBytes(), "checksums and parity stay damaged");
            return false;
        }
        return isWhole;
    }

    /** Makes checksums and parity anew, if what they are of is as it was. */
    private static boolean renewGuard(Path file, ByteBuffer bytes, BlockHeader header, Damage damage)
            throws IOException {
        ByteBuffer guard = PageGuard.of(guarded(bytes, header));
        if (PageGuard.crc(guard) != header.guardCrc()) {
            return false;
        }
        try (FileChannel channel = channel(file)) {
            writeFully(channel, guard, header.guardOffset());
            channel.force(false);
        }
        damage.found(file, header.guardOffset(), header.guardBytes(), "checksums and parity are made anew");
        return true;
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes, long offset) throws IOException {
        ByteBuffer rest = bytes.duplicate();
        long at = offset;
        while (rest.hasRemaining()) {
            at += channel.write(rest, at);
        }
    }

    private static ByteBuffer guarded(ByteBuffer bytes, BlockHeader header) {
        return bytes.slice(BlockHeader.BYTES, header.guardedBytes());
    }

    private static ByteBuffer guard(ByteBuffer bytes, BlockHeader header) {
        return bytes.slice(header.guardOffset(), header.guardBytes());
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
