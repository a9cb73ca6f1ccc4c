package org.sipdispatch.relay;

import java.net.InetSocketAddress;
import org.sipdispatch.sip.ReplyWriter;

/**
 * The way that a message came.
 *
 * @param socket the socket that it came in on
 * @param source the sender's address
 * @param connection which TCP connection it came on; {@link #NO_CONNECTION} for UDP
 */
public record Flow(ListenSocket socket, InetSocketAddress source, long connection) {
    public static final long NO_CONNECTION = 0;

    /** The source as a Via is completed with it. */
    ReplyWriter.Source viaSource() {
        return new ReplyWriter.Source(hostText(source), source.getPort());
    }

    private static String hostText(InetSocketAddress address) {
        String text = address.getAddress().getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
