package org.sipdispatch.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.websocket.ClientFrames.frame;
import static org.sipdispatch.websocket.ClientFrames.hex;
import static org.sipdispatch.websocket.ClientFrames.joined;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.websocket.WebSocketReader.Event;

class WebSocketReaderTest {
    private static final int MOST = 100_000;

    private final WebSocketReader reader = new WebSocketReader(MOST);

    /** The events of these bytes, as text: {@code MESSAGE Hello}, {@code FAILED 1002}. */
    private static List<String> events(WebSocketReader reader, byte[] bytes) {
        List<String> events = new ArrayList<>();
        reader.add(bytes);
        for (Event event = reader.next(); event != Event.MORE; event = reader.next()) {
            events.add(
                    switch (event) {
                        case MESSAGE, PING, PONG -> event + " " + new String(reader.payload(), UTF_8);
                        default -> event + " " + reader.closeReason().code();
                    });
        }
        return events;
    }

    private List<String> events(byte[]... parts) {
        return events(reader, joined(parts));
    }

    /** The masked examples of RFC 6455 section 5.7, and the others with a mask. */
    @ParameterizedTest
    @CsvSource({
        "81 85 37fa213d 7f9f4d5158, MESSAGE Hello",
        "01 83 37fa213d 7f9f4d 80 82 37fa213d 5b95, MESSAGE Hello",
        "89 85 37fa213d 7f9f4d5158, PING Hello",
        "8a 85 37fa213d 7f9f4d5158, PONG Hello",
        "82 85 37fa213d 7f9f4d5158, MESSAGE Hello",
        "81 80 37fa213d, 'MESSAGE '",
    })
    void theExamplesOfTheStandardAreRead(String bytes, String event) {
        assertThat(events(hex(bytes))).containsExactly(event);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 256, 65_535, 65_536, MOST})
    void aMessageOfAnyLengthIsRead(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);

        reader.add(frame(0x82, content));

        assertThat(reader.next()).isEqualTo(Event.MESSAGE);
        assertThat(reader.payload()).isEqualTo(content);
        assertThat(reader.next()).isEqualTo(Event.MORE);
        assertThat(reader.held()).isZero();
    }

    @Test
    void controlFramesMayComeBetweenFragments() {
        assertThat(events(
                        frame(0x01, "OPTIONS "),
                        frame(0x89, "a"),
                        frame(0x00, "sip:"),
                        frame(0x8a, ""),
                        frame(0x80, "a@b"),
                        frame(0x81, "next")))
                .containsExactly("PING a", "PONG ", "MESSAGE OPTIONS sip:a@b", "MESSAGE next");
    }

    @Test
    void everySplitOfTheBytesGivesTheSame() {
        byte[] all = joined(
                frame(0x01, "frag"),
                frame(0x89, "ping"),
                frame(0x00, ""),
                frame(0x80, "ments \u00e4"),
                frame(0x82, "b".repeat(130)),
                frame(0x8a, ""),
                frame(0x88, new byte[] {3, (byte) 0xe8}));
        List<String> whole = events(new WebSocketReader(MOST), all);

        assertThat(whole)
                .containsExactly(
                        "PING ping", "MESSAGE fragments \u00e4", "MESSAGE " + "b".repeat(130), "PONG ", "CLOSE 1000");
        for (int split = 0; split <= all.length; split++) {
            WebSocketReader one = new WebSocketReader(MOST);
            List<String> events = events(one, Arrays.copyOf(all, split));
            events.addAll(events(one, Arrays.copyOfRange(all, split, all.length)));
            assertThat(events).as("split at %d", split).isEqualTo(whole);
        }
        List<String> single = new ArrayList<>();
        for (byte each : all) {
            single.addAll(events(reader, new byte[] {each}));
        }
        assertThat(single).isEqualTo(whole);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "81 05 48656c6c6f, a frame of a client is not masked",
        "c1 85 37fa213d 7f9f4d5158, 'a reserved bit is set, and no extension was agreed on'",
        "a1 80 37fa213d, 'a reserved bit is set, and no extension was agreed on'",
        "91 80 37fa213d, 'a reserved bit is set, and no extension was agreed on'",
        "83 80 37fa213d, opcode 3 is reserved",
        "8b 80 37fa213d, opcode 11 is reserved",
        "80 80 37fa213d, a continuation frame without a message before it",
        "01 80 37fa213d 81 80 37fa213d, a new message before the last fragment of another",
        "09 80 37fa213d, a control frame is fragmented or longer than 125 bytes",
        "89 fe 007e 37fa213d, a control frame is fragmented or longer than 125 bytes",
        "82 fe 007d 37fa213d, the length of a frame is not in its shortest form",
        "82 ff 000000000000ffff 37fa213d, the length of a frame is not in its shortest form",
        "82 ff 8000000000010000 37fa213d, the length of a frame is not in its shortest form",
        "88 81 37fa213d 34, the status code of a Close frame is not valid",
        "88 82 00000000 03ed, the status code of a Close frame is not valid",
        "88 82 00000000 03e7, the status code of a Close frame is not valid",
        "88 82 00000000 1388, the status code of a Close frame is not valid",
    })
    void aFrameAgainstTheRulesFails(String bytes, String text) {
        assertThat(events(hex(bytes), frame(0x81, "more"))).containsExactly("FAILED 1002");
        assertThat(reader.closeReason().text()).isEqualTo(text);
    }

    /** Latin-1, an overlong form, a surrogate, a code point above the last one, a sequence that is cut off. */
    @ParameterizedTest
    @ValueSource(strings = {"e4", "c080", "eda080", "f4908080", "e282"})
    void aTextThatIsNotUtf8Fails(String payload) {
        assertThat(events(frame(0x81, hex("41" + payload)))).containsExactly("FAILED 1007");
    }

    @Test
    void anInvalidReasonOfACloseFrameFails() {
        assertThat(events(frame(0x88, hex("03e8ff")))).containsExactly("FAILED 1007");
    }

    @Test
    void aCharacterMayBeSplitBetweenFragmentsAndBinaryFramesMayHoldAnything() {
        assertThat(events(frame(0x01, hex("c3")), frame(0x80, hex("a4")))).containsExactly("MESSAGE \u00e4");

        reader.add(frame(0x82, hex("e4ff")));
        assertThat(reader.next()).isEqualTo(Event.MESSAGE);
        assertThat(reader.payload()).isEqualTo(hex("e4ff"));
    }

    @Test
    void aMessageAboveTheLimitFailsAtItsHeader() {
        byte[] announced = Arrays.copyOf(frame(0x82, new byte[MOST + 1]), 14);

        assertThat(events(announced)).containsExactly("FAILED 1009");
        assertThat(reader.held()).isZero();
    }

    @Test
    void theFragmentsOfAMessageCountTogether() {
        assertThat(events(frame(0x02, new byte[MOST]))).isEmpty();
        assertThat(events(frame(0x00, new byte[1]))).containsExactly("FAILED 1009");
    }

    @Test
    void memoryGrowsWithWhatArrivesNotWithWhatIsAnnounced() {
        assertThat(events(Arrays.copyOf(frame(0x82, new byte[MOST]), 14 + 10))).isEmpty();

        assertThat(reader.held()).isEqualTo(10);
        assertThat(reader.isMidMessage()).isTrue();
    }

    @Test
    void aMessageIsPartlyThereFromItsFirstByteToItsLast() {
        byte[] fragment = frame(0x01, "a");
        assertThat(reader.isMidMessage()).isFalse();
        for (byte each : fragment) {
            events(reader, new byte[] {each});
            assertThat(reader.isMidMessage()).isTrue();
        }
        events(frame(0x80, ""));
        assertThat(reader.isMidMessage()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"'', 1005", "03e8, 1000", "03e9 627965, 1001", "03f4, 1012", "0bb8, 3000", "1387, 4999"})
    void nothingFollowsACloseFrame(String payload, int code) {
        assertThat(events(frame(0x88, hex(payload)), frame(0x81, "more"))).containsExactly("CLOSE " + code);
        assertThat(events(frame(0x81, "more"))).isEmpty();
    }
}
