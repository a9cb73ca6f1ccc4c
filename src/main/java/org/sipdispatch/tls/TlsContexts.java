package org.sipdispatch.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.sipdispatch.settings.SettingException;

/**
 * The certificates and keys in use, of all TLS domains. When a file has changed, the next connections of its domain use
 * the new content; open connections stay. A file that cannot be used changes nothing. Thread-safe.
 */
public final class TlsContexts {
    /** {@code watched}: what was loaded from the domain's files. */
    private record Domain(String path, WatchedFiles<LoadedDomain> watched) {
        static Domain of(TlsDomain settings) {
            return new Domain(
                    settings.path(),
                    new WatchedFiles<>(settings.files(), () -> LoadedDomain.load(settings), LoadedDomain::presented));
        }

        LoadedDomain loaded() {
            return watched.current();
        }
    }

    private final TlsDomains settings;
    private final Map<String, Domain> servers = new TreeMap<>();
    private final Map<String, Domain> clients = new TreeMap<>();

    private TlsContexts(TlsDomains settings) {
        this.settings = settings;
        settings.servers().forEach((name, domain) -> servers.put(name, Domain.of(domain)));
        settings.clients().forEach((name, domain) -> clients.put(name, Domain.of(domain)));
    }

    /**
     * Reads all files.
     *
     * @throws SettingException if one cannot be used
     */
    public static TlsContexts load(TlsDomains settings) {
        return new TlsContexts(settings);
    }

    /** Why the files and cipher suites of these domains cannot be used: all reasons; empty if they can. */
    public static List<SettingException> problems(TlsDomains settings) {
        List<SettingException> all = new ArrayList<>();
        for (Map<String, TlsDomain> domains : List.of(settings.servers(), settings.clients())) {
            TlsDomain inherited = domains.get(TlsDomain.DEFAULT);
            for (TlsDomain domain : new TreeMap<>(domains).values()) {
                TlsFileCheck.add(all, domain, domain == inherited ? null : inherited);
            }
        }
        if (all.isEmpty()) {
            TlsFileCheck.attempt(all, () -> load(settings));
        }
        return all;
    }

    /** The settings that make a domain insecure. */
    public List<String> warnings() {
        return domains().flatMap(domain -> domain.loaded().warnings().stream()).toList();
    }

    /** The certificates that the domains present. */
    public List<CertificateInUse> presented() {
        return domains()
                .flatMap(domain -> domain.watched().presented().stream())
                .toList();
    }

    /** Registers each domain, so that the metrics tell when its new files are refused. */
    public void watch(CertificatesInUse certificates) {
        domains().forEach(domain -> certificates.watch(domain.path(), domain.watched()));
    }

    /** The certificates that this listener presents; at least one. */
    public List<CertificateInUse> presentedBy(String socket) {
        return servers.get(settings.server(socket).name()).watched().presented();
    }

    private Stream<Domain> domains() {
        return Stream.concat(servers.values().stream(), clients.values().stream());
    }

    /** The engine for a connection that a client has opened to this listener. */
    public SSLEngine server(String socket) {
        return servers.get(settings.server(socket).name()).loaded().server();
    }

    /**
     * The engine for an outgoing connection; null if there is no such domain.
     *
     * @param domain the name of the domain; null for the default
     */
    public SSLEngine client(String domain, ExpectedServer server, int port) {
        Domain found = clientDomain(domain);
        return found == null ? null : found.loaded().client(server, port);
    }

    private Domain clientDomain(String domain) {
        return clients.get(domain == null ? TlsDomain.DEFAULT : domain);
    }

    /**
     * The client at the other end of a connection to this listener.
     *
     * @throws SSLException if it has resumed a session and its certificate is not valid any more
     */
    public CertifiedClient clientOf(String socket, SSLSession session) throws SSLException {
        servers.get(settings.server(socket).name()).loaded().checkPeer(session);
        X509Certificate[] chain = PresentedChain.chain(session);
        List<String> names = chain.length == 0 ? List.of() : CertificateNames.of(chain[0]);
        return new CertifiedClient(
                names,
                () -> !names.isEmpty()
                        && clientDomain(null).loaded().accepts(chain, new ExpectedServer(names.get(0), false)));
    }

    /**
     * Checks the server at the other end of an outgoing connection.
     *
     * @throws SSLException if the connection has resumed a session and its certificate is not valid any more
     */
    public void checkServerOf(String domain, SSLSession session) throws SSLException {
        clientDomain(domain).loaded().checkPeer(session);
    }

    /** Whether outgoing connections may use this domain. */
    public boolean hasClient(String domain) {
        return clients.containsKey(domain);
    }

    /**
     * Checks the files for changes, which apply as {@link WatchedFiles} describes. Call on one thread at a time.
     *
     * @param loaded receives a line for each domain whose new files are in use
     * @param warnings receives a line for each file that cannot be used, and for what makes a domain insecure
     * @return whether a domain uses new files
     */
    public boolean reloadChanged(Consumer<String> loaded, Consumer<String> warnings) {
        boolean changed = false;
        for (Domain domain : domains().toList()) {
            changed |= reloadChanged(domain, loaded, warnings);
        }
        return changed;
    }

    private static boolean reloadChanged(Domain domain, Consumer<String> loaded, Consumer<String> warnings) {
        WatchedFiles.CheckResult found = domain.watched().look();
        if (found == WatchedFiles.CheckResult.CHANGED) {
            loaded.accept(
                    "new files for the next connections: " + domain.loaded().description());
            domain.loaded().warnings().forEach(warnings);
        } else if (found == WatchedFiles.CheckResult.REFUSED) {
            warnings.accept(domain.watched().problem() + "; the files that were read before stay in use: "
                    + domain.loaded().description());
        }
        return found == WatchedFiles.CheckResult.CHANGED;
    }
}
