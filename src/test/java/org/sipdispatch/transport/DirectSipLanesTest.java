package org.sipdispatch.transport;

/** The same with UDP sockets that the lanes wait for themselves. */
class DirectSipLanesTest extends SipLanesTest {
    @Override
    String settings() {
        return "transport.udp = direct\n";
    }
}
