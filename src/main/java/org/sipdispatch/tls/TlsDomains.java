package org.sipdispatch.tls;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

/**
 * The settings of the block {@code tls}.
 *
 * @param servers the domains of listeners by name; always with a default
 * @param clients the domains of outgoing connections by name; always with a default
 * @param watchInterval how often the files are compared with those in use
 * @param expiryWarning how long before the end of a certificate of this node the warnings begin
 */
public record TlsDomains(
        Map<String, TlsDomain> servers,
        Map<String, TlsDomain> clients,
        Duration watchInterval,
        Duration expiryWarning) {
    private static final Duration SHORTEST = Duration.ofMillis(100);

    public TlsDomains {
        servers = Map.copyOf(servers);
        clients = Map.copyOf(clients);
    }

    /** Reads the block {@code tls}. */
    public static TlsDomains from(Section tls) {
        TlsDomains domains = new TlsDomains(
                domains(tls.section("server_domains"), true),
                domains(tls.section("client_domains"), false),
                tls.duration("watch_interval", SHORTEST, Duration.ofDays(1)),
                tls.duration("expiry_warning", Duration.ZERO, Duration.ofDays(365)));
        tls.refuseUnknown();
        return domains;
    }

    private static Map<String, TlsDomain> domains(Section blocks, boolean server) {
        Map<String, TlsDomain> domains = new TreeMap<>();
        for (String name : blocks.keys()) {
            domains.put(name, TlsDomain.from(blocks, name, server));
        }
        return domains;
    }

    /** The files with private keys, of all domains; a file that several domains have is there for each of them. */
    public List<PemFile> keyFiles() {
        return Stream.of(servers, clients)
                .flatMap(domains -> domains.values().stream())
                .flatMap(domain -> domain.keyFiles().stream())
                .toList();
    }

    /** The names of the domains of outgoing connections that check no certificate. */
    public Set<String> uncheckedClients() {
        return clients.entrySet().stream()
                .filter(domain -> !domain.getValue().verifyCert())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The domain of a listener: the one with its name, otherwise the default. */
    public TlsDomain server(String socket) {
        return servers.getOrDefault(socket, servers.get(TlsDomain.DEFAULT));
    }

    /**
     * Refuses domains of listeners that do not have the name of a socket: the socket would use the default, which may
     * accept any client.
     *
     * @param blocks the block {@code tls.server_domains}
     * @param sockets the names of all sockets with TLS
     */
    public void checkServers(Section blocks, Set<String> sockets) {
        servers.keySet().stream()
                .filter(name -> !name.equals(TlsDomain.DEFAULT) && !sockets.contains(name))
                .sorted()
                .forEach(name -> blocks.refuseBlock(
                        name,
                        "a domain",
                        "the name of a socket with TLS"
                                + (sockets.isEmpty() ? "" : ": " + String.join(", ", sockets))));
    }

    /**
     * Checks that a listener has a certificate.
     *
     * @throws SettingException if it has none
     */
    public void checkCertificate(String socket) {
        TlsDomain domain = server(socket);
        if (domain.certificates().isEmpty()) {
            throw new SettingException(
                    domain.path() + ".certificate", "nothing", "a PEM file, for the TLS socket " + socket);
        }
    }
}
