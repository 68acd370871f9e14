package dev.weir.queryserver.store.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Finds and repairs damage in a run of bytes: a CRC-32C for each page of {@value #PAGE_BYTES} bytes, then parity pages, each
 * the XOR of every n-th page, with n so that a group has at most {@value #MAX_GROUP} pages. One damaged page of each group is
 * repaired, so a damaged stretch of up to n pages is too.
 */
final class PageGuard {
    static final int PAGE_BYTES = 4096;
    static final int MAX_GROUP = 32;

    private final ByteBuffer bytes;
    private final ByteBuffer guard;
    private final int pages;
    private final int groups;
    private final int width;

    /** @param guard what {@link #of} gave for the bytes when they were whole */
    PageGuard(ByteBuffer bytes, ByteBuffer guard) {
        this.bytes = bytes;
        this.guard = guard.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.pages = pages(bytes.limit());
        this.groups = groups(pages);
        this.width = Math.min(PAGE_BYTES, bytes.limit());
    }

    /** Takes the whole content of a page that was damaged. */
    @FunctionalInterface
    interface Repair {
        void page(int offset, byte[] content) throws IOException;
    }

    /** Checksums and parity of all of {@code bytes}. */
    static ByteBuffer of(ByteBuffer bytes) {
        int size = bytes.limit();
        int pages = pages(size);
        int groups = groups(pages);
        int width = Math.min(PAGE_BYTES, size);
        byte[] parity = new byte[groups * width];
        ByteBuffer guard =
                ByteBuffer.allocate(pages * Integer.BYTES + parity.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int page = 0; page < pages; page++) {
            byte[] content = page(bytes, page);
            guard.putInt(crc(content));
            xor(content, parity, page % groups * width);
        }
        return guard.put(parity).flip();
    }

    /** Repairs the damaged ones of the pages that hold these bytes. Returns whether there is no damage left there. */
    boolean repair(int from, int to, Repair repair) throws IOException {
        boolean isWhole = true;
        for (int page = from / PAGE_BYTES; page < pages(to); page++) {
            byte[] content = page(bytes, page);
            int crc = guard.getInt(page * Integer.BYTES);
            if (crc(content) != crc) {
                byte[] restored = restored(page, content.length);
                if (crc(restored) == crc) {
                    repair.page(page * PAGE_BYTES, restored);
                } else {
                    isWhole = false;
                }
            }
        }
        return isWhole;
    }

    private byte[] restored(int page, int length) {
        byte[] restored = new byte[width];
        guard.get(pages * Integer.BYTES + page % groups * width, restored);
        for (int other = page % groups; other < pages; other += groups) {
            if (other != page) {
                xor(page(bytes, other), restored, 0);
            }
        }
        return Arrays.copyOf(restored, length);
    }

    static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().rewind());
        return (int) crc.getValue();
    }

    static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static int pages(int size) {
        return (size + PAGE_BYTES - 1) / PAGE_BYTES;
    }

    private static int groups(int pages) {
        return Math.max(1, (pages + MAX_GROUP - 1) / MAX_GROUP);
    }

    private static byte[] page(ByteBuffer bytes, int page) {
        byte[] content = new byte[Math.min(PAGE_BYTES, bytes.limit() - page * PAGE_BYTES)];
        bytes.get(page * PAGE_BYTES, content);
        return content;
    }

    private static void xor(byte[] from, byte[] into, int at) {
        for (int i = 0; i < from.length; i++) {
            into[at + i] ^= from[i];
        }
    }
}
