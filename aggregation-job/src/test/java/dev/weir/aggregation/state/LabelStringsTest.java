package dev.weir.aggregation.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.weir.series.Labels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LabelStringsTest {
    @Test
    void labelsThatAreReadHaveTheStringsOfEqualOnes() throws IOException {
        Labels labels = Labels.of("model_name", "llama", "pod", "a");
        Labels first = read(labels);
        Labels second = read(labels);
        assertEquals(labels, second);
        assertNotSame(labels.value(0), first.value(0));
        assertSame(first.name(0), second.name(0));
        assertSame(first.value(0), second.value(0));
        assertSame(first.value(0), LabelStrings.share(labels).value(0));
    }

    @Test
    void moreStringsThanThereArePlacesStayWhatTheyAre() {
        for (int i = 0; i < 3 * LabelStrings.MAX_STRINGS; i++) {
            assertEquals("v" + i, LabelStrings.share("v" + i));
        }
    }

    @Test
    void longStringsAreNotKept() {
        String kept = "k".repeat(LabelStrings.MAX_LENGTH);
        String known = LabelStrings.share(kept);
        assertSame(known, LabelStrings.share("k".repeat(LabelStrings.MAX_LENGTH)));
        String longer = kept + "k";
        assertSame(longer, LabelStrings.share(longer));
        assertNotSame(longer, LabelStrings.share(kept + "k"));
    }

    private static Labels read(Labels labels) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StateIo.writeLabels(new DataOutputStream(bytes), labels);
        return StateIo.readLabels(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }
}
