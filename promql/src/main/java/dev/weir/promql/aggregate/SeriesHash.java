package dev.weir.promql.aggregate;

import dev.weir.series.Labels;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The hash by which {@code limit_ratio} samples: XXH64 with seed 0 over each name and value with their lengths, as
 * Prometheus has it, so that both pick the same series.
 */
final class SeriesHash {
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;
    /** The sum of the first two primes, modulo 2^64. */
    private static final long SEED_1 = 0x60EA27EEADC0B5D6L;

    /** The first prime negated. */
    private static final long SEED_4 = 0x61C8864E7A143579L;

    private static final double MAX_UNSIGNED = 0x1p64;
    private static final int BLOCK_SIZE = 32;

    private SeriesHash() {}

    /** Whether a sample of {@code ratio} of all series has this one. A negative ratio takes what its complement leaves. */
    static boolean isWithin(double ratio, Labels labels) {
        double position = unsigned(hash(labels)) / MAX_UNSIGNED;
        double limit = Math.max(-1, Math.min(1, ratio));
        return limit >= 0 ? position < limit : position >= 1 + limit;
    }

    static long hash(Labels labels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        labels.forEach((name, value) -> {
            write(bytes, name);
            write(bytes, value);
        });
        return xxh64(bytes.toByteArray());
    }

    static long xxh64(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        long hash = PRIME_5;
        if (data.length >= BLOCK_SIZE) {
            hash = blocks(in);
        }
        hash += data.length;
        while (in.remaining() >= Long.BYTES) {
            hash = Long.rotateLeft(hash ^ round(0, in.getLong()), 27) * PRIME_1 + PRIME_4;
        }
        if (in.remaining() >= Integer.BYTES) {
            hash = Long.rotateLeft(hash ^ ((in.getInt() & 0xffffffffL) * PRIME_1), 23) * PRIME_2 + PRIME_3;
        }
        while (in.hasRemaining()) {
            hash = Long.rotateLeft(hash ^ ((in.get() & 0xffL) * PRIME_5), 11) * PRIME_1;
        }
        hash = (hash ^ (hash >>> 33)) * PRIME_2;
        hash = (hash ^ (hash >>> 29)) * PRIME_3;
        return hash ^ (hash >>> 32);
    }

    private static long blocks(ByteBuffer in) {
        long a = SEED_1;
        long b = PRIME_2;
        long c = 0;
        long d = SEED_4;
        while (in.remaining() >= BLOCK_SIZE) {
            a = round(a, in.getLong());
            b = round(b, in.getLong());
            c = round(c, in.getLong());
            d = round(d, in.getLong());
        }
        long hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
        hash = (hash ^ round(0, a)) * PRIME_1 + PRIME_4;
        hash = (hash ^ round(0, b)) * PRIME_1 + PRIME_4;
        hash = (hash ^ round(0, c)) * PRIME_1 + PRIME_4;
        return (hash ^ round(0, d)) * PRIME_1 + PRIME_4;
    }

    private static long round(long accumulator, long input) {
        return Long.rotateLeft(accumulator + input * PRIME_2, 31) * PRIME_1;
    }

    private static void write(ByteArrayOutputStream bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length < 255) {
            bytes.write(utf8.length);
        } else {
            bytes.write(255);
            bytes.write(utf8.length);
            bytes.write(utf8.length >> 8);
            bytes.write(utf8.length >> 16);
        }
        bytes.writeBytes(utf8);
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
    }
}
