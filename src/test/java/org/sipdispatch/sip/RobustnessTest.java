package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged messages are parsed or rejected; they never cause an exception or a read outside of the message. */
class RobustnessTest {
    private static final int MESSAGES = 12_000;
    private static final byte[] NASTY = Ascii.bytes("\r\n \t;,=:\"\\<>@[]?/0a9\0%");

    private final List<byte[]> messages = messages();

    private static List<byte[]> messages() {
        List<byte[]> messages = new ArrayList<>();
        TortureMessages.verdicts().forEach(verdict -> messages.add(verdict.bytes()));
        try {
            for (String line : Files.readAllLines(Path.of("src/test/resources/vectors/opensips-2.4.9-picks.jsonl"))) {
                if (line.contains("\"request\"") && messages.size() < 200) {
                    messages.add(Ascii.bytes(ConfigFactory.parseString(line).getString("request")));
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        ValidMessages valid = new ValidMessages(99);
        for (int i = 0; i < 100; i++) {
            messages.add(valid.next());
        }
        return messages;
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void damageNeitherThrowsNorLooksBesideTheMessage(long seed) {
        Random random = new Random(seed);

        for (int i = 0; i < MESSAGES; i++) {
            byte[] damaged = messages.get(random.nextInt(messages.size()));
            for (int times = random.nextInt(5); times > 0; times--) {
                damaged = damaged(damaged, random);
            }
            assertThatTheSurroundingsDoNotMatter(damaged, random);
        }
    }

    private static void assertThatTheSurroundingsDoNotMatter(byte[] message, Random random) {
        String alone = read(message, 0, message.length);
        int before = random.nextInt(50);
        byte[] larger = new byte[before + message.length + random.nextInt(50)];
        for (int i = 0; i < larger.length; i++) {
            larger[i] = NASTY[random.nextInt(NASTY.length)];
        }
        System.arraycopy(message, 0, larger, before, message.length);

        String surrounded = read(larger, before, message.length);

        if (!surrounded.equals(alone)) {
            assertThat(surrounded)
                    .as("%s", Ascii.text(message, 0, message.length))
                    .isEqualTo(alone);
        }
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        if (bytes.length < 2) {
            return bytes;
        }
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 6));
        byte[] middle = Arrays.copyOfRange(bytes, from, to);
        switch (random.nextInt(6)) {
            case 0 -> middle[0] ^= (byte) (1 << random.nextInt(8));
            case 1 -> middle = new byte[0];
            case 2 -> middle = joined(middle, middle, middle);
            case 3 -> middle = joined(middle, new byte[] {NASTY[random.nextInt(NASTY.length)]}, new byte[0]);
            case 4 -> Arrays.fill(middle, NASTY[random.nextInt(NASTY.length)]);
            default -> {
                return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, from) : bytes;
            }
        }
        return joined(Arrays.copyOf(bytes, from), middle, Arrays.copyOfRange(bytes, to, bytes.length));
    }

    private static byte[] joined(byte[] first, byte[] second, byte[] third) {
        byte[] all = Arrays.copyOf(first, first.length + second.length + third.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        System.arraycopy(third, 0, all, first.length + second.length, third.length);
        return all;
    }

    /** Everything that can be read from a message, with positions relative to its first byte. */
    private static String read(byte[] bytes, int offset, int length) {
        ParseResult input = SipParser.parse(bytes, offset, length);
        StringBuilder text = new StringBuilder();
        if (input instanceof ParseFailure failure) {
            text.append(failure.code()).append(failure.reason());
            if (failure.request() == null) {
                return text.toString();
            }
            read(text, failure.request(), offset);
        } else {
            read(text, (SipMessage) input, offset);
        }
        return text.toString();
    }

    private static void read(StringBuilder text, SipMessage message, int offset) {
        text.append(message).append(message.start() - offset).append(' ').append(message.end() - offset);
        text.append(' ').append(message.firstHeader() - offset).append(' ').append(message.bodyStart() - offset);
        for (int i = 0; i < message.headers(); i++) {
            text.append('\n').append(message.name(i)).append(message.lineStart(i) - offset);
            text.append(' ').append(message.lineEnd(i) - offset).append(' ').append(message.nameEnd(i) - offset);
            text.append(' ').append(message.valueStart(i) - offset).append(' ').append(message.valueEnd(i) - offset);
            readLists(text, message, i, offset);
        }
        text.append(message.cseqNumber()).append(message.cseqMethodText()).append(message.cseqMethodIs("INVITE"));
        text.append(message.text("subject")).append(message.text("x-a")).append(message.text(HeaderName.CALL_ID));
        rewrite(text, message);
        if (message instanceof SipRequest request) {
            text.append(request.method()).append(request.maxForwards()).append(request.hasToTag());
            read(text, request.requestUri(), offset);
            reply(text, request);
        } else {
            text.append(((SipResponse) message).status());
        }
    }

    private static void readLists(StringBuilder text, SipMessage message, int header, int offset) {
        byte[] bytes = message.bytes();
        int end = message.valueEnd(header);
        Via via = Via.parse(bytes, message.valueStart(header), end);
        for (; via != null; via = via.end() < end ? Via.parse(bytes, via.end() + 1, end) : null) {
            read(text, via, offset);
        }
        NameAddr address = NameAddr.parse(bytes, message.valueStart(header), end);
        for (; address != null; address = address.end() < end ? NameAddr.parse(bytes, address.end() + 1, end) : null) {
            read(text, address, offset);
        }
    }

    private static void read(StringBuilder text, Via via, int offset) {
        text.append(" via ").append(via.transport()).append(via.host()).append(via.port());
        text.append(' ').append(via.hostStart() - offset).append(' ').append(via.hostEnd() - offset);
        text.append(' ').append(via.sentByEnd() - offset).append(' ').append(via.parameters() - offset);
        text.append(' ').append(via.end() - offset).append(via.parameterText("branch"));
        text.append(via.parameterText("received"))
                .append(via.parameterText("rport"))
                .append(Branch.of(via));
        byte[] address = IpLiteral.parse(via.bytes(), via.hostStart(), via.hostEnd());
        text.append(Arrays.toString(address)).append(address != null && IpLiteral.isUnicast(address));
    }

    private static void read(StringBuilder text, NameAddr address, int offset) {
        text.append(" address ")
                .append(address.uriText())
                .append(address.tagText())
                .append(address.end() - offset);
        read(text, address.uri(), offset);
    }

    private static void read(StringBuilder text, SipUri uri, int offset) {
        if (uri != null) {
            text.append(" uri ")
                    .append(uri)
                    .append(uri.scheme())
                    .append(uri.user())
                    .append(uri.hasPassword());
            text.append(uri.host())
                    .append(uri.port())
                    .append(uri.parametersText())
                    .append(uri.transport());
            text.append(uri.defaultPort()).append(uri.parameterText("lr")).append(uri.hasHeaders());
            text.append(uri.hostPortEnd() - offset);
        }
    }

    private static void rewrite(StringBuilder text, SipMessage message) {
        MessageEditor rewriter = new MessageEditor().begin(message);
        for (int i = 0; i < message.headers(); i++) {
            rewriter.replace(message.valueStart(i), message.valueEnd(i)).putNumber(i);
        }
        rewriter.insert(message.firstHeader()).put("Via: x\r\n");
        ByteWriter out = rewriter.finish();
        text.append(new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1));
    }

    /** The response to a request and the keys computed from it; also for rejected requests. */
    private static void reply(StringBuilder text, SipRequest request) {
        TransactionKey keys = new TransactionKey(SipHash.of("s"));
        ResponseWriter.RequestSource source = new ResponseWriter.RequestSource("192.0.2.9", null, 5060);
        long key = keys.of(request);
        ByteWriter out = new ResponseWriter().write(request, 400, "Why", source, keys.replyTag(key), "");
        text.append(key).append(keys.callKey(request)).append(keys.loopHash(request));
        text.append(new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1));
    }
}
