package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.Protocol;

class AddressPolicyTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, 5060, true",
        "127.0.0.1, 127.0.0.1, 0, false",
        "127.0.0.1, 10.0.0.1, 65535, true",
        "127.0.0.1, 0.0.0.0, 5060, false",
        "127.0.0.1, 0.1.2.3, 5060, false",
        "127.0.0.1, 224.0.0.1, 5060, false",
        "127.0.0.1, 239.255.255.255, 5060, false",
        "127.0.0.1, 240.0.0.1, 5060, false",
        "127.0.0.1, 255.255.255.255, 5060, false",
        "127.0.0.1, ::1, 5060, false",
        "::1, 127.0.0.1, 5060, false",
        "::1, ::1, 5060, true",
        "::1, ::, 5060, false",
        "::1, ff02::1, 5060, false",
        "::1, 2001:db8::1, 0, false",
    })
    void onlyUnicastAddressesOfTheSocketsFamilyAreSentTo(String local, String remote, int port, boolean allowed)
            throws UnknownHostException {
        ListenSocket socket = new ListenSocket(
                0, "main", Protocol.UDP, new InetSocketAddress(InetAddress.getByName(local), 5060), local, 5060);

        assertThat(AddressPolicy.allows(socket, new InetSocketAddress(InetAddress.getByName(remote), port)))
                .isEqualTo(allowed);
    }

    @Test
    void aNameWithoutAddressIsNotSentTo() {
        ListenSocket socket =
                new ListenSocket(0, "main", Protocol.UDP, new InetSocketAddress("127.0.0.1", 5060), "a", 5060);

        assertThat(AddressPolicy.allows(socket, InetSocketAddress.createUnresolved("example.com", 5060)))
                .isFalse();
    }
}
