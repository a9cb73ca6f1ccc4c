package org.sipdispatch.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.EventSocketServer;

class EventSocketReaderTest {
    private static final String TWO = "Content-Type: auth/request\n\n" + EventSocketServer.event(12, 1000, "97.5");

    private final EventSocketReader reader = new EventSocketReader();

    private List<EventSocketMessage> read(String text) {
        return reader.read(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100, 10_000})
    void messagesArriveInPiecesOfAnySize(int size) {
        List<EventSocketMessage> messages = new ArrayList<>();
        for (int from = 0; from < TWO.length(); from += size) {
            messages.addAll(read(TWO.substring(from, Math.min(TWO.length(), from + size))));
        }

        assertThat(messages)
                .extracting(EventSocketMessage::contentType)
                .containsExactly("auth/request", "text/event-plain");
        assertThat(messages.get(1).heartbeat()).isEqualTo(new HeartbeatEvent(12, 1000, 97.5f));
        assertThat(reader.problem()).isEmpty();
    }

    @Test
    void linesMayEndInCarriageReturnAndLineFeed() {
        assertThat(read("Content-Type: command/reply\r\nReply-Text: +OK\r\n\r\n"))
                .singleElement()
                .matches(EventSocketMessage::isAccepted);
    }

    @Test
    void aLineWithoutAColonIsIgnored() {
        assertThat(EventSocketMessage.headers("what\nA: b: c\n: d\n")).isEqualTo(Map.of("a", "b: c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65537", "99999999999", "x"})
    void aBodyHasALimit(String length) {
        assertThat(read("Content-Length: " + length + "\n\n")).isEmpty();

        assertThat(reader.problem()).contains("Content-Length");
        assertThat(read(TWO)).isEmpty();
    }

    @Test
    void linesHaveALimit() {
        for (int i = 0; i < 20; i++) {
            read("X".repeat(1000));
        }

        assertThat(reader.problem()).isEqualTo("no empty line within 16384 bytes");
    }

    @Test
    void garbageEndsInAProblemOrInNothing() {
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            byte[] garbage = new byte[random.nextInt(2000)];
            random.nextBytes(garbage);
            EventSocketReader fresh = new EventSocketReader();

            assertThat(fresh.read(garbage)).allMatch(message -> message.heartbeat() == null);
        }
    }
}
