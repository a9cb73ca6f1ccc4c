package org.sipdispatch.relay;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.sipdispatch.sip.ReplyWriter;

/** Senders' addresses as text, for the received parameter of Via; kept, since most messages come from few hosts. */
final class SourceTexts {
    private static final int MOST_KEPT = 4096;

    private final Map<InetAddress, String> texts = new HashMap<>();

    ReplyWriter.Source of(Flow flow) {
        InetAddress address = flow.source().getAddress();
        String text = texts.get(address);
        if (text == null) {
            if (texts.size() >= MOST_KEPT) {
                texts.clear();
            }
            text = withoutZone(address.getHostAddress());
            texts.put(address, text);
        }
        return new ReplyWriter.Source(text, flow.source().getPort());
    }

    private static String withoutZone(String text) {
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
