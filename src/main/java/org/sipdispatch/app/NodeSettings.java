package org.sipdispatch.app;

import com.typesafe.config.Config;
import java.util.stream.Collectors;
import org.sipdispatch.catalog.CatalogSettings;
import org.sipdispatch.destination.ProbeSettings;
import org.sipdispatch.relay.ListenSocket;
import org.sipdispatch.relay.ListenSockets;
import org.sipdispatch.relay.RelaySettings;
import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.settings.Section;
import org.sipdispatch.store.StoreSettings;
import org.sipdispatch.transport.SocketSettings;
import org.sipdispatch.transport.Traffic;
import org.sipdispatch.transport.TransportSettings;

/** The whole configuration of a node, checked as far as it can be without opening anything. */
record NodeSettings(CatalogSettings partitions, Traffic.Setup traffic, StoreSettings journal) {
    /**
     * Reads the block {@code sip-dispatcher}, defaults included.
     *
     * @throws org.sipdispatch.settings.BadSetting if anything in it cannot be used
     */
    static NodeSettings from(Config config) {
        Section root = Section.root(config);
        ListenSockets sockets = SocketSettings.from(root);
        RelaySettings relay = RelaySettings.from(root.section("relay"));
        TransportSettings transport = TransportSettings.from(root.section("transport"));
        RoutingSettings routing = RoutingSettings.from(root);
        ProbeSettings.from(root.section("probing"));
        CatalogSettings partitions = CatalogSettings.from(root.section("partitions"));
        StoreSettings journal = StoreSettings.from(root.section("journal"), root.text("data-dir"));
        for (String known : new String[] {"home", "lane-system"}) {
            root.has(known);
        }
        root.refuseUnknown();
        routing.checkNames(
                partitions.names(),
                sockets.all().stream().map(ListenSocket::name).collect(Collectors.toSet()));
        return new NodeSettings(
                partitions,
                new Traffic.Setup(config.getConfig("lane-system"), transport, sockets, relay, routing),
                journal);
    }

    ListenSockets sockets() {
        return traffic.sockets();
    }

    RoutingSettings routing() {
        return traffic.routing();
    }
}
