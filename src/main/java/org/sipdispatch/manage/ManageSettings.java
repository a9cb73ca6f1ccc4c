package org.sipdispatch.manage;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.membership.NodeCertificate;
import org.sipdispatch.operations.Role;
import org.sipdispatch.settings.LoopbackName;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.tls.CertificateInUse;
import org.sipdispatch.tls.PemFile;

/**
 * The block {@code management}: the address of the management server, and authentication.
 *
 * @param enabled whether operators can use the server
 * @param host an address of this host
 * @param port 0 for any free port
 * @param tokens the accepted tokens
 * @param maxBody the maximum size of a request body in bytes
 * @param maxRequestsPerSecond the limit for each address; 0 for no limit
 * @param maxConnections the maximum number of connections, including event streams
 */
public record ManageSettings(
        boolean enabled,
        String host,
        int port,
        List<BearerToken> tokens,
        TlsSettings tls,
        int maxBody,
        int maxRequestsPerSecond,
        int maxConnections) {
    private static final int LARGEST_BODY = 64 << 20;

    public static ManageSettings from(Section management) {
        ManageSettings settings = new ManageSettings(
                management.flag("enabled"),
                management.text("host"),
                management.integer("port", 0, 65_535),
                tokens(management),
                TlsSettings.from(management.section("tls")),
                management.bytes("max-body", 1024, LARGEST_BODY),
                management.integer("max-requests-per-second", 0, 1_000_000),
                management.integer("max-connections", 1, 100_000));
        if (settings.host.isBlank()) {
            management.refuse("host", settings.host, "an address of this host");
        }
        management.refuseUnknown();
        return settings;
    }

    /** The same settings with another limit of connections. */
    public ManageSettings withMaxConnections(int most) {
        return new ManageSettings(enabled, host, port, tokens, tls, maxBody, maxRequestsPerSecond, most);
    }

    /**
     * Checks whether the TLS files can be used.
     *
     * @param nodes the certificates of {@code cluster.tls}
     */
    public void checkFiles(NodeCertificate nodes) {
        if (tls.isOn()) {
            new ManageTls(tls, nodes);
        }
    }

    /**
     * The certificate that the server presents; none without TLS.
     *
     * @throws SettingException if its files cannot be used
     */
    public List<CertificateInUse> presented() {
        return tls.isOn() ? List.of(tls.load().own()) : List.of();
    }

    /** The files with private keys. */
    public List<PemFile> keyFiles() {
        return tls.isOn() ? List.of(tls.files().get(1)) : List.of();
    }

    /** The tokens. A token without a secret, such as one from a missing environment variable, is ignored. */
    private static List<BearerToken> tokens(Section management) {
        List<BearerToken> tokens = new ArrayList<>();
        for (Section one : management.sections("tokens")) {
            BearerToken token = new BearerToken(name(one), one.secret("token"), one.choice("role", Role.class));
            one.refuseUnknown();
            if (token.secret() != null) {
                tokens.add(checked(one, token));
            }
        }
        Set<String> names = tokens.stream().map(BearerToken::name).collect(Collectors.toSet());
        Set<String> secrets = tokens.stream().map(BearerToken::secret).collect(Collectors.toSet());
        if (names.size() < tokens.size() || secrets.size() < tokens.size()) {
            management.refuse("tokens", tokens.size() + " tokens", "each with its own name and token");
        }
        return List.copyOf(tokens);
    }

    private static String name(Section one) {
        String name = one.text("name");
        if (!name.matches("[\\p{L}\\p{N}._@-]{1,64}")) {
            one.refuse("name", name, "1 to 64 letters, digits and . _ - @");
        }
        return name;
    }

    private static BearerToken checked(Section one, BearerToken token) {
        if (!token.secret().matches("[\\x21-\\x7e]{" + BearerToken.SHORTEST + ",}")) {
            one.refuse(
                    "token",
                    "of " + token.secret().length() + " characters",
                    BearerToken.SHORTEST + " or more printable ASCII characters without blanks");
        }
        return token;
    }

    /**
     * Refuses settings that would give access without authentication from other hosts.
     *
     * @param bootstrap whether the cluster's nodes find each other through this server
     */
    public void checkSafe(boolean bootstrap) {
        if (!enabled && !bootstrap) {
            return;
        }
        if (!isLocal() && !requiresAuthentication()) {
            throw new SettingException(
                    "management.host",
                    host,
                    "127.0.0.1 if neither management.tokens nor management.tls.client-ca is set");
        }
    }

    /** Whether clients must authenticate. Otherwise all clients on this host have all rights. */
    boolean requiresAuthentication() {
        return !tokens.isEmpty() || tls.asksClients();
    }

    /** Whether only this host can reach the server. */
    boolean isLocal() {
        return LoopbackName.isLoopback(host);
    }
}
