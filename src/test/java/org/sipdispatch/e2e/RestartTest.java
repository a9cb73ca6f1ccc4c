package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.SipRequest;

/** A node is killed and restarted during calls. Each call continues and either side can end it. */
class RestartTest {
    private static final int CALLS = 200;
    private static final int CALLS_BY_URI = 5;
    /** So that only the route token routes a request. */
    private static final String ONLY_BY_TOKEN = "relay.unknown-dialog = refuse\n";

    private static final String CONFIG = """
            sockets { main = "udp:127.0.0.1:%d" }
            partitions { default { db_url = "file:$list" } }
            rules = [ { select { set = 1, alg = 8, flags = F } } ]
            """;

    /** Both sides of an established call. */
    private record Up(Call call, Dialog caller, Dialog callee) {}

    private final TestUserAgent caller = TestUserAgent.udp();
    private final TestUserAgent callee = TestUserAgent.udp();
    /** The destination with the highest priority, which gets a request that is dispatched again. */
    private final TestUserAgent other = TestUserAgent.udp();

    private final int port = Ports.next();

    private NodeProcess node;

    @AfterEach
    void close() {
        List.of(caller, callee, other).forEach(TestUserAgent::close);
        node.close();
    }

    @Test
    void everyCallGoesOnAndCanBeEndedByEitherSideAlsoWhereTheSecretIsLost() throws IOException {
        start(ONLY_BY_TOKEN);
        List<Up> calls = callsUp(CALLS);

        node = node.killAndStartAgain();

        calls.forEach(this::goesOn);
        assertThat(other.seen(one -> true)).isEmpty();
        Path secret = node.home().resolve("data/relay-secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");

        List<Up> byTheirUri = callsUp(CALLS_BY_URI);
        Path config = node.home().resolve("node.conf");
        Files.writeString(config, Files.readString(config).replace(ONLY_BY_TOKEN, ""));

        node = node.killAndStartAgain("data/relay-secret");

        byTheirUri.forEach(this::goesOn);
        assertThat(other.seen(one -> true)).isEmpty();
    }

    private void start(String more) {
        node = NodeProcess.start(
                CONFIG.formatted(port) + more,
                "1 sip:127.0.0.1:%d 0 20\n1 sip:127.0.0.1:%d 0 10\n".formatted(other.port(), callee.port()));
    }

    private List<Up> callsUp(int count) {
        List<Up> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Call call = Call.to("sip:anybody@dispatcher", caller, port);
            call.refuseAt(other, 503);
            Received invite = call.at(callee, "INVITE");
            Call.answer(callee, invite, 200);
            Dialog ofCaller = call.callerSide(call.response(200));
            ofCaller.send("ACK", 1);
            call.at(callee, "ACK");
            calls.add(new Up(call, ofCaller, Dialog.ofCallee(callee, invite)));
        }
        other.drop(one -> true);
        return calls;
    }

    private void goesOn(Up up) {
        carries(up, "INVITE", up.caller, callee, 2);
        carries(up, "INVITE", up.callee, caller, 2);
        carries(up, "BYE", up.caller, callee, 3);
        carries(up, "BYE", up.callee, caller, 3);
    }

    private static void carries(Up up, String method, Dialog from, TestUserAgent to, int sequence) {
        from.send(method, sequence);
        Received request = up.call.at(to, method);
        to.send(request.from(), SipText.response((SipRequest) request.sip(), 200, ""));
        from.response(200, method);
        if (method.equals("INVITE")) {
            from.send("ACK", sequence);
            up.call.at(to, "ACK");
        }
    }
}
