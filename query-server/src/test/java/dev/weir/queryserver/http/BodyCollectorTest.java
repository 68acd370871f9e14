package dev.weir.queryserver.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.content.ByteBufferContentSource;
import org.junit.jupiter.api.Test;

class BodyCollectorTest {
    private final BodyMemory memory = new BodyMemory(100);

    @Test
    void aBodyIsRefusedForAsLongAsOthersTakeTheRoom() {
        assertEquals("60", collect(30, 30));
        assertEquals("no room", collect(30, 30));
        assertEquals("40", collect(40));
        assertEquals("no room", collect(1));
        memory.giveBack(100);
        assertEquals("100", collect(50, 50));
    }

    @Test
    void aBodyBeyondItsOwnLimitTakesNoRoom() {
        assertEquals("too long", collect(99, 99));
        assertEquals("100", collect(100));
    }

    /** A body of pieces of these sizes, of which the route allows 150 bytes. */
    private String collect(int... pieces) {
        ByteBuffer[] buffers = new ByteBuffer[pieces.length];
        for (int i = 0; i < pieces.length; i++) {
            buffers[i] = ByteBuffer.allocate(pieces[i]);
        }
        List<String> seen = new ArrayList<>();
        new BodyCollector(
                        new ByteBufferContentSource(buffers),
                        new Route.BodyLimit("maxBodyBytes", 150),
                        memory,
                        new BodyCollector.Listener() {
                            @Override
                            public void complete(byte[] body) {
                                seen.add(Integer.toString(body.length));
                            }

                            @Override
                            public void tooLong() {
                                seen.add("too long");
                            }

                            @Override
                            public void noRoom() {
                                seen.add("no room");
                            }

                            @Override
                            public void failed(Throwable failure) {
                                seen.add(failure.toString());
                            }
                        })
                .run();
        return String.join(", ", seen);
    }
}
