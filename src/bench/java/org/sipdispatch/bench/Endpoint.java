package org.sipdispatch.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.sipdispatch.sip.ByteWriter;

/** A socket of a caller or callee. All are used by one thread. */
abstract class Endpoint {
    /** Receives the messages of an endpoint. A message is valid during the call only. */
    interface Receiver {
        void received(MessageView message, Endpoint from) throws IOException;
    }

    /** The most messages that are read at a time, so that no endpoint delays what is due. */
    static final int BURST = 64;

    abstract InetSocketAddress local();

    /** Reads what has arrived. */
    abstract void ready() throws IOException;

    /** Sends a message to the proxy. */
    abstract void send(ByteWriter message) throws IOException;
}
