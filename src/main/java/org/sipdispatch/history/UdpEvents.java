package org.sipdispatch.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.sipdispatch.destination.DestinationEvent;
import org.sipdispatch.destination.DestinationListener;
import org.sipdispatch.destination.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends status changes as UDP datagrams, at once and without retry. Needs no database. Only the node whose actor
 * decided sends, unless this node knows a newer version from another node's actor.
 */
public final class UdpEvents implements DestinationListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UdpEvents.class);

    private final Map<InetSocketAddress, DatagramChannel> channels;
    private final DatagramFormat form;
    private final Set<InetSocketAddress> failing = ConcurrentHashMap.newKeySet();
    private final NewestVersions newest = new NewestVersions();

    private UdpEvents(Map<InetSocketAddress, DatagramChannel> channels, DatagramFormat form) {
        this.channels = channels;
        this.form = form;
    }

    public static UdpEvents open(HistorySettings settings) {
        Map<InetSocketAddress, DatagramChannel> channels = new LinkedHashMap<>();
        UdpEvents events = new UdpEvents(channels, settings.form());
        try {
            for (InetSocketAddress target : settings.udp()) {
                // Not connected, because an ICMP error would otherwise fail the next datagram.
                DatagramChannel channel = DatagramChannel.open(
                        target.getAddress() instanceof java.net.Inet6Address
                                ? StandardProtocolFamily.INET6
                                : StandardProtocolFamily.INET);
                channels.put(target, channel);
                channel.configureBlocking(false);
            }
            return events;
        } catch (IOException e) {
            events.close();
            throw new UncheckedIOException(e);
        }
    }

    /** Takes statuses that this node received, by destination id. */
    public void learned(Map<String, Status> updates) {
        if (!channels.isEmpty()) {
            newest.learned(updates);
        }
    }

    @Override
    public void onChange(DestinationEvent event) {
        // OpenSIPS has no busy state, and sends no event for states set by a reload.
        if (channels.isEmpty()
                || event.from() == event.to()
                || event.uri().isEmpty()
                || event.who().equals("table")
                || newest.isSuperseded(event.id(), event.version())) {
            return;
        }
        byte[] bytes = form.of(event).getBytes(StandardCharsets.UTF_8);
        channels.forEach((target, channel) -> send(target, channel, bytes));
    }

    private void send(InetSocketAddress target, DatagramChannel channel, byte[] bytes) {
        try {
            channel.send(ByteBuffer.wrap(bytes), target);
            failing.remove(target);
        } catch (IOException e) {
            if (failing.add(target)) {
                LOG.warn(
                        "events cannot be sent to {}:{}: {}", target.getHostString(), target.getPort(), e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        List<DatagramChannel> all = new ArrayList<>(channels.values());
        for (DatagramChannel channel : all) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("not closed", e);
            }
        }
    }
}
