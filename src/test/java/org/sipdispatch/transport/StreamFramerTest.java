package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamFramerTest {
    private static final int MOST = 1024;
    private static final String START = "OPTIONS sip:a@b SIP/2.0\r\n";
    private static final String PING = "<ping>";

    @Test
    void aMessageMayComeByteByByte() {
        String message = START + "Content-Length: 5\r\n\r\nhello";

        assertThat(framed(1, message)).containsExactly(message);
    }

    @Test
    void aChunkMayHoldSeveralMessages() {
        String first = START + "Content-Length: 5\r\n\r\nhello";
        String second = START + "l: 0\r\n\r\n";

        assertThat(framed(MOST, first + second + first)).containsExactly(first, second, first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3",
                "content-length:3",
                "CONTENT-LENGTH \t:  3  ",
                "l: 3",
                "L:3",
                "Content-Length: 0000000000000003",
                "Content-Length:\r\n 3",
                "Content-Length:\r\n\t\r\n 3\r\nTo: b",
                "l: 3\r\nContent-Length: 3",
                "Subject: x\r\n l: 9\r\nl: 3",
                "Subject: l: 9\r\nl: 3"
            })
    void theBodyIsAsLongAsDeclared(String header) {
        String message = START + header + "\r\n\r\nabc";

        assertThat(framed(MOST, message + START + "\r\n")).containsExactly(message, START + "\r\n");
    }

    @Test
    void withoutALengthThereIsNoBody() {
        assertThat(framed(MOST, START + "To: b\r\n\r\n")).containsExactly(START + "To: b\r\n\r\n");
    }

    @Test
    void bareLineFeedsEndLinesToo() {
        String message = START.replace("\r", "") + "l: 1\n\nx";

        assertThat(framed(1, message + message)).containsExactly(message, message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: -1",
                "Content-Length:",
                "Content-Length: x",
                "Content-Length: 1 2",
                "Content-Length: 1, 2",
                "l: 99999999999999999999",
                "l: 1\r\nl: 2",
            })
    void aLengthThatMakesNoSenseBreaksTheStream(String header) {
        StreamFramer framer = new StreamFramer(MOST);
        framer.add(bytes(START + header + "\r\n\r\nbody"));

        assertThat(framer.next()).isEqualTo(StreamFramer.Frame.BROKEN);
        assertThat(text(framer.message())).isEqualTo(START + header + "\r\n\r\n");
    }

    @Test
    void aDeclaredLengthAboveTheLimitIsTooLargeBeforeTheBodyIsThere() {
        StreamFramer framer = new StreamFramer(MOST);
        framer.add(bytes(START + "l: 2000\r\n\r\n"));

        assertThat(framer.next()).isEqualTo(StreamFramer.Frame.TOO_LARGE);
        assertThat(text(framer.message())).isEqualTo(START + "l: 2000\r\n\r\n");
    }

    @Test
    void aMessageOfJustTheLimitIsTaken() {
        String head = START + "Content-Length: 900\r\n\r\n";
        String message = head + "x".repeat(900);
        StreamFramer framer = new StreamFramer(message.length());
        framer.add(bytes(message));

        assertThat(framer.next()).isEqualTo(StreamFramer.Frame.MESSAGE);
        assertThat(new StreamFramer(message.length() - 1)).satisfies(smaller -> {
            smaller.add(bytes(message));
            assertThat(smaller.next()).isEqualTo(StreamFramer.Frame.TOO_LARGE);
        });
    }

    @Test
    void headersWithoutEndAreTooLarge() {
        StreamFramer framer = new StreamFramer(MOST);
        framer.add(bytes(START));
        int added = 0;
        while (framer.next() == StreamFramer.Frame.MORE) {
            framer.add(bytes("X-More: and more\r\n"));
            added++;
        }

        assertThat(framer.next()).isEqualTo(StreamFramer.Frame.TOO_LARGE);
        assertThat(added).isBetween(50, 60);
    }

    @Test
    void aDoubleLineBreakIsAPingHoweverItIsSplit() {
        for (int size = 1; size <= 4; size++) {
            assertThat(framed(size, "\r\n\r\n")).containsExactly(PING);
        }
    }

    @Test
    void lineBreaksBetweenMessagesAreSkipped() {
        String message = START + "l: 2\r\n\r\nhi";

        for (int size = 1; size <= 9; size++) {
            assertThat(framed(size, "\r\n" + message + "\n\r\n" + message + "\r\n"))
                    .containsExactly(message, message);
            assertThat(framed(size, message + "\r\n\r\n" + message + "\r\n\r\n\r\n\r\n\r\n" + message))
                    .containsExactly(message, PING, message, PING, PING, message);
        }
    }

    @Test
    void keepAlivesAreNoPartOfAMessage() {
        StreamFramer framer = new StreamFramer(MOST);
        assertThat(framer.isMidMessage()).isFalse();

        framer.add(bytes("\r\n"));
        assertThat(framer.next()).isEqualTo(StreamFramer.Frame.MORE);
        assertThat(framer.isMidMessage()).isFalse();

        framer.add(bytes("O"));
        assertThat(framer.next()).isEqualTo(StreamFramer.Frame.MORE);
        assertThat(framer.isMidMessage()).isTrue();
    }

    @Test
    void roomForALargeMessageIsGivenBackWhenItIsGone() {
        StreamFramer framer = new StreamFramer(1 << 20);
        framer.add(bytes(START + "l: 500000\r\n\r\n" + "x".repeat(500_000)));
        assertThat(framer.next()).isEqualTo(StreamFramer.Frame.MESSAGE);
        framer.consume();

        assertThat(framer.next()).isEqualTo(StreamFramer.Frame.MORE);
        assertThat(framer.capacity()).isLessThan(10_000);
    }

    @Property(tries = 300)
    void anySplitOfAStreamGivesTheSameMessages(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int most) {
        Random random = new Random(seed);
        StringBuilder stream = new StringBuilder();
        List<String> messages = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            String message = message(random);
            messages.add(message);
            stream.append("\r\n".repeat(random.nextInt(2))).append(message);
        }

        List<String> framed = framed(stream.toString(), () -> 1 + random.nextInt(most));

        assertThat(framed).containsExactlyElementsOf(messages);
    }

    private static String message(Random random) {
        int body = random.nextInt(3) * random.nextInt(200);
        String[] lengths = {"l: ", "Content-Length : 0", "CONTENT-LENGTH:\r\n "};
        String filler = "X-Filler: \r\n " + "y".repeat(random.nextInt(60)) + "\r\n";
        // A body may contain line breaks, or look like a message.
        String[] bodies = {"\r\n", "\r\n\r\nl: 7\r\n\r\n", "x"};
        String content = bodies[random.nextInt(bodies.length)].repeat(body + 1).substring(0, body);
        String end = random.nextBoolean() ? "\r\n" : "\n";
        return START + filler + lengths[random.nextInt(lengths.length)] + body + end + filler + end + content;
    }

    private static List<String> framed(int size, String stream) {
        return framed(stream, () -> size);
    }

    private static List<String> framed(String stream, java.util.function.IntSupplier sizes) {
        StreamFramer framer = new StreamFramer(MOST);
        byte[] bytes = bytes(stream);
        List<String> frames = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + sizes.getAsInt());
            framer.add(Arrays.copyOfRange(bytes, at, end));
            at = end;
            for (StreamFramer.Frame frame = framer.next(); frame != StreamFramer.Frame.MORE; frame = framer.next()) {
                assertThat(frame).isIn(StreamFramer.Frame.MESSAGE, StreamFramer.Frame.PING);
                frames.add(frame == StreamFramer.Frame.PING ? PING : text(framer.message()));
                framer.consume();
            }
        }
        return frames;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
