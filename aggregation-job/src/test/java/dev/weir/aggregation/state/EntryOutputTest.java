package dev.weir.aggregation.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryOutputTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void writesWhatTheJdkWrites(long seed) throws IOException {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        writeSomething(new Random(seed), new DataOutputStream(expected));
        EntryOutput out = new EntryOutput();
        writeSomething(new Random(seed + 1), out);
        out.clear();
        writeSomething(new Random(seed), out);
        assertEquals(expected.size(), out.size());
        assertArrayEquals(expected.toByteArray(), Arrays.copyOf(out.array(), out.size()));
    }

    private static void writeSomething(Random random, DataOutput out) throws IOException {
        for (int i = 0; i < 1_000; i++) {
            byte[] some = new byte[random.nextInt(40)];
            random.nextBytes(some);
            out.write(some);
            out.write(some, some.length / 3, some.length / 2);
            out.write(random.nextInt());
            out.writeBoolean(random.nextBoolean());
            out.writeByte(random.nextInt());
            out.writeShort(random.nextInt());
            out.writeChar(random.nextInt());
            out.writeInt(random.nextInt());
            out.writeLong(random.nextLong());
            out.writeFloat(random.nextFloat());
            out.writeDouble(random.nextGaussian());
            StateIo.writeString(out, Long.toString(random.nextLong()));
        }
    }
}
