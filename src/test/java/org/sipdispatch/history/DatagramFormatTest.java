package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.destination.DestinationState.ACTIVE;
import static org.sipdispatch.destination.DestinationState.INACTIVE;
import static org.sipdispatch.destination.DestinationState.PROBING;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.destination.DestinationEvent;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.StatusVersion;

class DatagramFormatTest {
    static DestinationEvent event(
            String partition, DestinationState from, DestinationState to, String who, String why) {
        String uri = "sip:GW1.example.com:5060";
        String id = partition + ":3:" + uri.toLowerCase(java.util.Locale.ROOT);
        return new DestinationEvent(
                id, partition, 3, uri, from, false, to, false, who, why, 1000, new StatusVersion(1, 1, 1));
    }

    @Test
    void linesAreThoseOfOpenSips2() {
        assertThat(DatagramFormat.DATAGRAM.of(event("default", ACTIVE, PROBING, "probe", "no reply")))
                .isEqualTo("""
                        E_DISPATCHER_STATUS
                        group::3
                        address::sip:GW1.example.com:5060
                        status::inactive

                        """);
        assertThat(DatagramFormat.DATAGRAM.of(event("trunks", PROBING, ACTIVE, "alice", "")))
                .startsWith("E_DISPATCHER_STATUS\npartition::trunks\ngroup::3\n");
    }

    @Test
    void aNotificationIsThatOfOpenSips3() {
        assertThat(DatagramFormat.JSONRPC.of(event("default", PROBING, ACTIVE, "probe", "reply 200")))
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"E_DISPATCHER_STATUS\",\"params\":{\"group\":3,"
                        + "\"address\":\"sip:GW1.example.com:5060\",\"status\":\"active\","
                        + "\"reason\":\"200 OK probing reply\"}}");
        assertThat(DatagramFormat.JSONRPC.of(event("trunks", PROBING, ACTIVE, "alice", "")))
                .contains("\"params\":{\"partition\":\"trunks\",\"group\":3,");
    }

    @ParameterizedTest
    @CsvSource({
        "ACTIVE, PROBING, probe, reply 503, inactive, negative probing reply",
        "ACTIVE, PROBING, probe, could not be sent, inactive, failed to send probe",
        "PROBING, ACTIVE, probe, reply 404, active, 200 OK probing reply",
        "ACTIVE, PROBING, traffic, no reply, inactive, script function ds_mark",
        "INACTIVE, PROBING, alice (10.0.0.9), done, inactive, MI command",
        "PROBING, INACTIVE, alice (10.0.0.9), maintenance, inactive, MI command",
    })
    void statusIsWhetherItTakesTrafficNowAndReasonsAreTheWordsOfOpenSips(
            DestinationState from, DestinationState to, String who, String why, String status, String reason) {
        DestinationEvent event = event("default", from, to, who, why);

        assertThat(DatagramFormat.DATAGRAM.of(event)).endsWith("\nstatus::" + status + "\n\n");
        assertThat(DatagramFormat.JSONRPC.of(event))
                .endsWith("\"status\":\"" + status + "\",\"reason\":\"" + reason + "\"}}");
    }

    @Test
    void aLineBreakEndsNoValue() {
        assertThat(DatagramFormat.DATAGRAM.of(event("a\n\"b\"", ACTIVE, INACTIVE, "probe", "")))
                .contains("\npartition::\"a\n\\\"b\\\"\"\ngroup::");
    }
}
