package org.sipdispatch.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.websocket.WebSocketFailure;

/** A WebSocket stage without a network. */
class WebSocketStageTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Protocol: sip\r\n\r\n";
    private static final String ACCEPTED = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            + "Sec-WebSocket-Protocol: sip\r\n\r\n";
    private static final int MOST = 1_000;

    /** A stage nearer to the network that opens late, as that of TLS does. */
    private static final class Nearer implements StreamStage {
        private final StreamListener owner;
        private boolean open = true;
        private boolean closed;

        private Nearer(StreamListener owner) {
            this.owner = owner;
        }

        @Override
        public void begin() {}

        @Override
        public void received(byte[] bytes) {
            owner.arrived(bytes);
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public boolean isBusy() {
            return false;
        }

        @Override
        public boolean hasOutput() {
            return false;
        }

        @Override
        public ByteString write(ByteString messages) {
            assertThat(open || messages.isEmpty()).isTrue();
            return messages;
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public SendFailure closed() {
            return open ? SendFailure.UNREACHABLE : SendFailure.TLS_FAILED;
        }

        @Override
        public void checkTimeout(long nowMs) {}

        @Override
        public int held() {
            return 7;
        }
    }

    private final class Owner implements StreamStage.StreamListener {
        @Override
        public void arrived(byte[] bytes) {
            throw new AssertionError("the messages have bounds");
        }

        @Override
        public void arrivedWhole(byte[] message) {
            events.add(new String(message, ISO_8859_1));
        }

        @Override
        public void writable() {}

        @Override
        public void refused() {
            events.add("refused");
        }

        @Override
        public void ended(SendFailure why) {
            events.add("ended " + why);
        }

        @Override
        public void offLane(Runnable work, Runnable then) {
            throw new AssertionError("only TLS has such work");
        }
    }

    private final class Listener implements WebSocketStage.Listener {
        @Override
        public void opened() {
            events.add("opened");
        }

        @Override
        public void failed(WebSocketFailure why, String detail) {
            events.add(why.label());
        }

        @Override
        public void reached(Limit limit, String what, String most) {
            events.add(limit.label());
        }
    }

    private final List<String> events = new ArrayList<>();
    private long nowMs = 50_000;
    private final WebSocketStage stage = new WebSocketStage(
            new WebSocketStage.ConnectionLimits(Set.of(), MOST, 3_000, 5_000, 30_000),
            () -> nowMs,
            new Owner(),
            new Listener());
    private final Nearer nearer = new Nearer(stage);

    {
        stage.over(nearer);
    }

    private void receives(String text) {
        stage.received(text.getBytes(ISO_8859_1));
    }

    /** A masked frame with the mask 0. */
    private static String frame(int first, String payload) {
        return new String(new char[] {(char) first, (char) (0x80 | payload.length()), 0, 0, 0, 0}) + payload;
    }

    private String written(String... messages) {
        ByteString all = ByteString.emptyByteString();
        for (String message : messages) {
            all = all.concat(stage.framed(message.getBytes(ISO_8859_1)));
        }
        return new String(stage.write(all).toArray(), ISO_8859_1);
    }

    private void opens() {
        receives(REQUEST);
        assertThat(written()).isEqualTo(ACCEPTED);
        assertThat(events).containsExactly("opened");
        events.clear();
    }

    private void after(long ms) {
        nowMs += ms;
        stage.checkTimeout(nowMs);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(ISO_8859_1));
    }

    @Test
    void itTakesMessagesFromTheEndOfTheHandshakeOn() {
        assertThat(stage.isOpen()).isFalse();

        receives(REQUEST + frame(0x81, "OPTIONS 1") + frame(0x82, "OPTIONS 2"));

        assertThat(events).containsExactly("opened", "OPTIONS 1", "OPTIONS 2");
        assertThat(stage.isOpen()).isTrue();
        assertThat(written("SIP/2.0 200")).isEqualTo(ACCEPTED + "\u0081\u000bSIP/2.0 200");
    }

    @Test
    void eachMessageIsAFrame() {
        opens();

        assertThat(written("a", "\u00e4", "")).isEqualTo("\u0081\1a\u0082\1\u00e4\u0081\0");
    }

    @Test
    void nothingIsWrittenUntilTheStageBelowIsOpen() {
        nearer.open = false;
        assertThat(stage.hasOutput()).isFalse();
        after(60_000);
        nearer.open = true;
        receives(REQUEST);
        nearer.open = false;

        assertThat(stage.hasOutput()).isFalse();
        assertThat(written()).isEmpty();
        nearer.open = true;
        assertThat(stage.hasOutput()).isTrue();
        assertThat(written()).isEqualTo(ACCEPTED);
        assertThat(stage.hasOutput()).isFalse();
    }

    @Test
    void onlyTheNewestPingIsAnswered() {
        opens();

        receives(frame(0x89, "a") + frame(0x89, "b") + frame(0x81, "OPTIONS") + frame(0x89, "c"));

        assertThat(stage.hasOutput()).isTrue();
        assertThat(written("x")).isEqualTo("\u008a\1c\u0081\1x");
        assertThat(stage.hasOutput()).isFalse();
    }

    @Test
    void aCloseFrameIsAnsweredWithItsCodeAndNothingFollows() {
        opens();

        receives(frame(0x88, "\3\u00e8bye") + frame(0x81, "OPTIONS"));

        assertThat(events).containsExactly("refused");
        assertThat(stage.isOpen()).isFalse();
        assertThat(stage.isClosed()).isTrue();
        stage.close();
        assertThat(nearer.closed).isFalse();
        assertThat(hex(written())).isEqualTo("880203e8");
        stage.close();
        assertThat(nearer.closed).isTrue();
        receives(frame(0x81, "OPTIONS"));
        assertThat(events).containsExactly("refused");
    }

    @Test
    void aFrameAgainstTheRulesEndsTheConnection() {
        opens();

        receives(frame(0x89, "a") + "\u0081\5Hello" + frame(0x81, "OPTIONS"));

        assertThat(events).containsExactly("protocol_error", "refused");
        assertThat(hex(written())).startsWith("88").contains("03ea");
    }

    @Test
    void aMessageAboveTheLimitEndsTheConnection() {
        opens();

        receives("\u0082\u00fe\3\u00e9\0\0\0\0");

        assertThat(events).containsExactly(Limit.MAX_MESSAGE_SIZE.label(), "refused");
        assertThat(hex(written())).startsWith("88").contains("03f1");
    }

    @Test
    void aRefusedHandshakeIsAnsweredAndNothingFollows() {
        receives(REQUEST.replace("13", "8") + frame(0x81, "OPTIONS"));

        assertThat(events).containsExactly("wrong_version", "refused");
        assertThat(written()).startsWith("HTTP/1.1 426 ");
        receives(REQUEST);
        after(100_000);
        assertThat(events).hasSize(2);
    }

    @Test
    void theHandshakeHasItsTimeFromTheOpeningOfTheStageBelow() {
        nearer.open = false;
        after(100_000);
        nearer.open = true;
        after(1_000);
        after(2_999);
        assertThat(events).isEmpty();

        after(1);

        assertThat(events).containsExactly("handshake_timeout", "refused");
        assertThat(written()).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void aMessageHasItsTimeFromItsFirstByte() {
        opens();
        after(20_000);
        receives(frame(0x81, "OPTIONS") + frame(0x01, "OPT"));
        events.clear();
        for (int i = 0; i < 5; i++) {
            after(1_000);
            receives(frame(0x00, ""));
        }
        assertThat(events).isEmpty();

        after(1);

        assertThat(events).containsExactly(Limit.MESSAGE_TIMEOUT.label(), "refused");
        assertThat(hex(written())).startsWith("88").contains("03f0");
    }

    @Test
    void aSilentClientIsPingedOnceAndThenClosed() {
        opens();
        after(29_999);
        assertThat(stage.hasOutput()).isFalse();
        after(1);
        assertThat(hex(written())).isEqualTo("8900");
        after(30_000);
        assertThat(stage.hasOutput()).isFalse();

        after(1);

        assertThat(events).containsExactly("ping_timeout", "refused");
        assertThat(hex(written())).startsWith("88");
    }

    /** As on a host without processor time. */
    @Test
    void aClientIsPingedFirstAlsoIfTheCheckComesLate() {
        opens();
        after(70_000);
        assertThat(hex(written())).isEqualTo("8900");
        assertThat(events).isEmpty();

        after(30_001);

        assertThat(events).containsExactly("ping_timeout", "refused");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x8a, 0x89, 0x81})
    void anyFrameShowsThatTheClientIsThere(int first) {
        opens();
        after(30_000);
        assertThat(hex(written())).isEqualTo("8900");

        after(29_000);
        receives(frame(first, "x"));
        written();
        after(29_999);

        assertThat(stage.hasOutput()).isFalse();
        after(1);
        assertThat(hex(written())).isEqualTo("8900");
    }

    @Test
    void aConnectionThatEndsDuringTheHandshakeIsCountedOnce() {
        receives("GET /");

        stage.ended(null);
        stage.closed();

        assertThat(events).containsExactly("closed", "ended null");
    }

    @Test
    void aFailureOfTlsIsCountedThereOnly() {
        nearer.open = false;

        stage.ended(SendFailure.TLS_FAILED);

        assertThat(stage.closed()).isEqualTo(SendFailure.TLS_FAILED);
        assertThat(events).containsExactly("ended TLS_FAILED");
    }

    @Test
    void whatItHoldsIsCounted() {
        receives("GET /");
        assertThat(stage.held()).isEqualTo(7 + 5);
        receives(REQUEST.substring(5) + frame(0x01, "abc") + frame(0x89, "de"));

        assertThat(stage.held()).isEqualTo(7 + ACCEPTED.length() + 3 + 2);
    }
}
