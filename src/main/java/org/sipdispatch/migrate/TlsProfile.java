package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.sip.IpLiteral;

/** A TLS domain of OpenSIPS, or a section of Kamailio's {@code tls.cfg}, with the names of OpenSIPS for its values. */
final class TlsProfile {
    /** The name of the domain for all listeners or destinations that have no other. */
    static final String DEFAULT = "default";

    /** The key of the line that defines the domain. */
    static final String DEFINITION = "definition";

    /** Where the domain is in the script, for the report. */
    private final String origin;

    private final boolean server;
    private final boolean kamailio;
    private final Map<String, TlsSetting> settings;
    /** The addresses with ports of its listeners or destinations; empty for all. */
    private final List<String> addresses = new ArrayList<>();
    /** The names of the domain by which it is selected, such as those in SNI; empty for all. */
    private final List<String> names = new ArrayList<>();

    private String name;
    private boolean isDefault;

    private TlsProfile(String origin, String name, boolean server, boolean kamailio, Map<String, TlsSetting> settings) {
        this.origin = origin;
        this.name = name;
        this.server = server;
        this.kamailio = kamailio;
        this.settings = settings;
    }

    /** @param settings filled later, and perhaps shared with another domain */
    static TlsProfile ofOpensips(String origin, String name, boolean server, Map<String, TlsSetting> settings) {
        return new TlsProfile(origin, name, server, false, settings);
    }

    /**
     * The default section for listeners or destinations, until it gets a name.
     *
     * @param settings filled later, and perhaps shared with another domain
     */
    static TlsProfile ofKamailio(String origin, boolean server, Map<String, TlsSetting> settings) {
        TlsProfile section = new TlsProfile(origin, DEFAULT, server, true, settings);
        section.isDefault = true;
        return section;
    }

    static Map<String, TlsSetting> noSettings() {
        return new LinkedHashMap<>();
    }

    String origin() {
        return origin;
    }

    String name() {
        return name;
    }

    /** Whether this is Kamailio's section for all listeners or destinations without a section of their own. */
    boolean isDefault() {
        return isDefault;
    }

    void setName(String text) {
        name = text;
        isDefault = false;
    }

    boolean isServer() {
        return server;
    }

    boolean isKamailio() {
        return kamailio;
    }

    Map<String, TlsSetting> settings() {
        return settings;
    }

    List<String> addresses() {
        return addresses;
    }

    List<String> names() {
        return names;
    }

    /** The value; null if the script does not set it. */
    String value(String key) {
        TlsSetting setting = settings.get(key);
        return setting == null ? null : setting.value();
    }

    private boolean isOn(String key, boolean otherwise) {
        String value = value(key);
        return value == null ? otherwise : !value.matches("(?i)0+|no|off|false|disabled?");
    }

    /** Whether the other proxy checks the certificates of peers. */
    boolean verifies() {
        if (!kamailio) {
            return isOn("verify_cert", true);
        }
        return !acceptsAny() && (requires() || isOn("verify_cert", false) || isClient("optional"));
    }

    /** Whether the other proxy refuses a client without a certificate. */
    boolean requires() {
        if (!kamailio) {
            return server && verifies() && isOn("require_cert", true);
        }
        return !acceptsAny() && (isOn("require_cert", false) || isClient("on"));
    }

    /** Whether Kamailio asks for a certificate and accepts every one. */
    boolean acceptsAny() {
        return isClient("optional_no_ca");
    }

    private boolean isClient(String mode) {
        return mode.equalsIgnoreCase(value("verify_client"));
    }

    /** Whether the certificate and its key are in files. */
    boolean hasCertificate() {
        return value("certificate") != null && value("private_key") != null && !hasEngine();
    }

    /** Whether the key is in hardware. */
    boolean hasEngine() {
        return value("private_key") != null && value("private_key").startsWith("/engine:");
    }

    /** Whether one of its addresses is that of a listener; {@code host} may be a wildcard. */
    boolean isFor(String host, String port) {
        return addresses.stream().anyMatch(one -> {
            int colon = one.lastIndexOf(':');
            return colon > 0
                    && one.substring(colon + 1).equals(port)
                    && (host.matches("0\\.0\\.0\\.0|\\[::]") || isSame(one.substring(0, colon), host));
        });
    }

    private static boolean isSame(String one, String other) {
        byte[] address = IpLiteral.parse(one);
        return address != null && Arrays.equals(address, IpLiteral.parse(other));
    }
}
