package org.sipdispatch.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.sipdispatch.settings.SettingException;

/**
 * The certificates and keys in use, of all TLS domains. When a file has changed, the next connections of its domain use
 * the new content; open connections stay. A file that cannot be used changes nothing. Thread-safe.
 */
public final class TlsContexts {
    private static final class Domain {
        private final TlsDomain settings;
        private volatile LoadedDomain loaded;
        /** The digest of the files that are loaded, or could not be used. */
        private String handled;
        /** The digest of the files at the last look. */
        private String seen;

        private Domain(TlsDomain settings) {
            this.settings = settings;
            handled = digest(settings.files());
            seen = handled;
            loaded = LoadedDomain.load(settings);
        }
    }

    private final TlsDomains settings;
    private final Map<String, Domain> servers = new TreeMap<>();
    private final Map<String, Domain> clients = new TreeMap<>();

    private TlsContexts(TlsDomains settings) {
        this.settings = settings;
        settings.servers().forEach((name, domain) -> servers.put(name, new Domain(domain)));
        settings.clients().forEach((name, domain) -> clients.put(name, new Domain(domain)));
    }

    /**
     * Reads all files.
     *
     * @throws SettingException if one cannot be used
     */
    public static TlsContexts load(TlsDomains settings) {
        return new TlsContexts(settings);
    }

    /** What makes a domain insecure, and certificates that expire soon. */
    public List<String> warnings() {
        Instant now = Instant.now();
        return domains().flatMap(domain -> domain.loaded.warnings(now).stream()).toList();
    }

    private Stream<Domain> domains() {
        return Stream.concat(servers.values().stream(), clients.values().stream());
    }

    /** The engine for a connection that a client has opened to this listener. */
    public SSLEngine server(String socket) {
        return servers.get(settings.server(socket).name()).loaded.server();
    }

    /**
     * The engine for an outgoing connection; null if there is no such domain.
     *
     * @param domain the name of the domain; null for the default
     * @param name the name that the certificate must have, unless the domain sets another
     */
    public SSLEngine client(String domain, String name, int port) {
        Domain found = clients.get(domain == null ? TlsDomain.DEFAULT : domain);
        return found == null ? null : found.loaded.client(name, port);
    }

    /** Whether outgoing connections may use this domain. */
    public boolean hasClient(String domain) {
        return clients.containsKey(domain);
    }

    /**
     * Looks for changes of files. A change applies when the files are the same at two looks, since certificate and key
     * are seldom replaced at the same moment. Call on one thread at a time.
     *
     * @param loaded receives a line for each domain whose new files are in use
     * @param warnings receives a line for each file that cannot be used, and for what makes a domain insecure
     */
    public void reloadChanged(Consumer<String> loaded, Consumer<String> warnings) {
        domains().forEach(domain -> reloadChanged(domain, loaded, warnings));
    }

    private static void reloadChanged(Domain domain, Consumer<String> loaded, Consumer<String> warnings) {
        String now = digest(domain.settings.files());
        boolean settled = now.equals(domain.seen);
        domain.seen = now;
        if (!settled || now.equals(domain.handled)) {
            return;
        }
        domain.handled = now;
        try {
            LoadedDomain next = LoadedDomain.load(domain.settings);
            domain.loaded = next;
            loaded.accept("new files for the next connections: " + next.description());
            next.warnings(Instant.now()).forEach(warnings);
        } catch (SettingException e) {
            warnings.accept(e.getMessage() + "; the files that were read before stay in use");
        }
    }

    private static String digest(List<String> files) {
        List<String> digests = new ArrayList<>();
        for (String file : files) {
            digests.add(digest(file));
        }
        return String.join(",", digests);
    }

    private static String digest(String file) {
        try {
            byte[] content = Files.readAllBytes(Path.of(file));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (IOException | InvalidPathException e) {
            return "none";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
