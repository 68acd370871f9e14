package dev.weir.queryserver.remotewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against the same polynomials by schoolbook arithmetic. */
class LabelHashTest {
    private static final BigInteger PRIME = BigInteger.valueOf(LabelHash.PRIME);

    @Test
    void isThePolynomialOfItsBytesAtEachPoint() {
        Random random = new Random(1);
        LabelHash hash = new LabelHash(null);
        for (int length = 0; length < 100; length++) {
            for (int padding : new int[] {0, 1, 7, 8}) {
                byte[] bytes = new byte[3 + length + padding];
                random.nextBytes(bytes);
                hash.of(bytes, 3, 3 + length);
                assertEquals(polynomial(bytes, 3, length, LabelHash.FIRST_POINT), hash.first(), length + " bytes");
                assertEquals(polynomial(bytes, 3, length, LabelHash.SECOND_POINT), hash.second(), length + " bytes");
            }
        }
    }

    @Test
    void bytesThatAreAllOnesDoNotOverflow() {
        byte[] bytes = new byte[8 * 1024];
        Arrays.fill(bytes, (byte) -1);
        LabelHash hash = new LabelHash(null);
        hash.of(bytes, 0, bytes.length);
        assertEquals(polynomial(bytes, 0, bytes.length, LabelHash.FIRST_POINT), hash.first());
        assertEquals(polynomial(bytes, 0, bytes.length, LabelHash.SECOND_POINT), hash.second());
    }

    /** Of seven bytes to a coefficient, the lowest first, after that of no project, which is one; the length comes last. */
    private static long polynomial(byte[] bytes, int from, int length, long point) {
        BigInteger x = BigInteger.valueOf(point);
        BigInteger sum = x;
        for (int at = 0; at < length; at += 7) {
            BigInteger word = BigInteger.ZERO;
            for (int i = Math.min(at + 7, length) - 1; i >= at; i--) {
                word = word.shiftLeft(8).add(BigInteger.valueOf(bytes[from + i] & 0xff));
            }
            sum = sum.add(word).multiply(x).mod(PRIME);
        }
        return sum.add(BigInteger.valueOf(length)).multiply(x).mod(PRIME).longValueExact();
    }
}
