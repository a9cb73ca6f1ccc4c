package org.sipdispatch.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.websocket.ClientFrames.hex;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebSocketFrameTest {
    /** The unmasked examples of RFC 6455 section 5.7, and the lengths around which the form changes. */
    @ParameterizedTest
    @CsvSource({
        "5, 8105",
        "125, 817d",
        "126, 817e 007e",
        "256, 817e 0100",
        "65535, 817e ffff",
        "65536, 817f 0000000000010000"
    })
    void theHeaderOfATextIsTheShortestOne(int length, String header) {
        assertThat(WebSocketFrame.headerOf("a".repeat(length).getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(hex(header));
    }

    @Test
    void whatIsNotUtf8GoesInABinaryFrame() {
        assertThat(WebSocketFrame.headerOf("\u00e4".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(hex("8102"));
        assertThat(WebSocketFrame.headerOf("\u00e4".getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo(hex("8201"));
    }

    @Test
    void controlFrames() {
        assertThat(WebSocketFrame.ping()).isEqualTo(hex("8900"));
        assertThat(WebSocketFrame.pong("Hello".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(hex("8a05 48656c6c6f"));
        assertThat(WebSocketFrame.close(new CloseReason(1000, "bye"))).isEqualTo(hex("8805 03e8 627965"));
        assertThat(WebSocketFrame.close(new CloseReason(CloseReason.NO_STATUS, "")))
                .isEqualTo(hex("8800"));
        assertThat(WebSocketFrame.close(new CloseReason(1002, "a".repeat(200)))).hasSize(2 + 125);
    }
}
