package dev.weir.aggregation.scrape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetStateTest {
    private static final long SHAPE = 5;
    private static final long IDENTITY = 6;

    @Test
    void isStoredAsItIsThoughItWasStoredBefore() throws IOException {
        assertEquals(3, read(storedTwice(state -> state.tell(3))).lane());
        assertEquals(
                70, read(storedTwice(state -> state.memory().hear(70))).memory().heardMs());
        assertTrue(read(storedTwice(state -> state.tell(SHAPE, IDENTITY))).isTold(IDENTITY));
    }

    @Test
    void isStoredAsItIsThoughItWasRead() throws IOException {
        TargetState read = read(storedTwice(state -> state.tell(SHAPE, IDENTITY)));
        read.forget();
        assertFalse(read(stored(read)).isTold(IDENTITY));
    }

    @Test
    void aCopyIsChangedByItself() throws IOException {
        TargetState state = new TargetState();
        state.tell(1);
        byte[] before = stored(state);
        TargetState copy = state.copy();
        copy.tell(2);
        assertArrayEquals(before, stored(state));
        assertEquals(2, read(stored(copy)).lane());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100})
    void aBodyThatIsCutOffIsAnError(int missing) throws IOException {
        TargetState state = new TargetState();
        state.memory().hear(1);
        byte[] stored = stored(state);
        int length = Math.max(0, stored.length - missing);
        assertThrows(
                IOException.class,
                () -> TargetState.read(new DataInputStream(new ByteArrayInputStream(stored, 0, length))));
    }

    private static byte[] storedTwice(Consumer<TargetState> change) throws IOException {
        TargetState state = new TargetState();
        stored(state);
        change.accept(state);
        return stored(state);
    }

    private static byte[] stored(TargetState state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        state.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static TargetState read(byte[] stored) throws IOException {
        return TargetState.read(new DataInputStream(new ByteArrayInputStream(stored)));
    }
}
