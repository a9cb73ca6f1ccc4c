package org.sipdispatch.manage;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.desk.Role;
import org.sipdispatch.settings.BadSetting;
import org.sipdispatch.settings.Section;

/**
 * Where operators reach this node, and who of them is let in.
 *
 * @param enabled whether they do at all
 * @param host an address of this host
 * @param port 0 for any that is free
 * @param tokens who is let in by a secret
 * @param maxBody the most bytes of a request's body
 * @param maxRequestsPerSecond from one address; 0 for any number
 * @param maxConnections at the same time, streams of events included
 */
public record ManageSettings(
        boolean enabled,
        String host,
        int port,
        List<Token> tokens,
        TlsSettings tls,
        int maxBody,
        int maxRequestsPerSecond,
        int maxConnections) {
    private static final int LARGEST_BODY = 64 << 20;

    /** Reads the block {@code management}. */
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

    /** The same with so many connections at most. */
    public ManageSettings withMaxConnections(int most) {
        return new ManageSettings(enabled, host, port, tokens, tls, maxBody, maxRequestsPerSecond, most);
    }

    /**
     * Looks whether the files that are named can be used.
     *
     * @throws BadSetting if one cannot
     */
    public void checkFiles() {
        if (tls.isOn()) {
            tls.context();
        }
    }

    /** Those whose secret is left out, such as one from an environment that does not have it, do not count. */
    private static List<Token> tokens(Section management) {
        List<Token> tokens = new ArrayList<>();
        for (Section one : management.sections("tokens")) {
            Token token = new Token(name(one), one.textOr("token", null), one.choice("role", Role.class));
            one.refuseUnknown();
            if (token.secret() != null) {
                tokens.add(checked(one, token));
            }
        }
        Set<String> names = tokens.stream().map(Token::name).collect(Collectors.toSet());
        Set<String> secrets = tokens.stream().map(Token::secret).collect(Collectors.toSet());
        if (names.size() < tokens.size() || secrets.size() < tokens.size()) {
            management.refuse("tokens", tokens.size() + " tokens", "each with a name and a token of its own");
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

    private static Token checked(Section one, Token token) {
        if (!token.secret().matches("[\\x21-\\x7e]{" + Token.SHORTEST + ",}")) {
            one.refuse(
                    "token",
                    "of " + token.secret().length() + " characters",
                    Token.SHORTEST + " characters or more, without blanks and umlauts");
        }
        return token;
    }

    /**
     * Refuses what would let anybody in.
     *
     * @param bootstrap whether the nodes of the cluster find each other through it
     */
    public void checkSafe(boolean bootstrap) {
        if (!enabled && !bootstrap) {
            return;
        }
        if (!isLocal() && !asksWho()) {
            throw new BadSetting(
                    "management.host",
                    host,
                    "127.0.0.1 where there are neither management.tokens nor management.tls.client-ca");
        }
        if (bootstrap && tls.isOn()) {
            throw new BadSetting(
                    "management.tls.certificate",
                    tls.certificate(),
                    "nothing where cluster.bootstrap is on: the nodes ask each other without TLS");
        }
    }

    /** Whether those who come must say who they are. Else everybody on this host may do everything. */
    boolean asksWho() {
        return !tokens.isEmpty() || tls.asksClients();
    }

    /** Whether only this host itself can reach it. */
    boolean isLocal() {
        return isLoopback(host);
    }

    static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("::1")
                || host.equals("[::1]")
                || host.matches("127(\\.\\d{1,3}){3}");
    }
}
