package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sipdispatch.migrate.ImportReport.Item;

/**
 * The TLS domains of OpenSIPS' module {@code tls_mgm}. In 2.4 a domain is defined as {@code name=address:port}, and values
 * without a domain are for all others; since 3.0 domains have {@code match_ip_address} and {@code match_sip_domain}.
 */
final class OpensipsTls implements ScriptTlsDomains {
    private static final String VALUES =
            "certificate|private_key|ca_list|ca_dir|verify_cert|require_cert|tls_method|ciphers_list|dh_params|ec_curve"
                    + "|crl_dir|crl_check_all|match_ip_address|match_sip_domain";

    private static final Pattern OF_DOMAIN = Pattern.compile("\\[([^\\]]+)](.*)");
    private static final Pattern DEFINITION = Pattern.compile("([^=\\s]+)(?:\\s*=\\s*(\\S+))?");
    private static final String IN_DATABASE =
            "certificates are files here: write those of each row to files, and a block of tls.server_domains or"
                    + " tls.client_domains for it";

    private final ImportReport report;
    private final Map<String, TlsProfile> servers = new LinkedHashMap<>();
    private final Map<String, TlsProfile> clients = new LinkedHashMap<>();
    /** The domains of 2.4 for listeners and destinations without one; null for none. */
    private TlsProfile defaultServer;

    private TlsProfile defaultClient;
    /** Whether the script has a form that only 2.4 has. */
    private boolean isOld;

    private boolean usesDatabase;

    OpensipsTls(ImportReport report) {
        this.report = report;
    }

    @Override
    public boolean take(Script.FunctionCall call) {
        if (!call.argument(0).matches("tls_mgm(\\.so)?")) {
            return false;
        }
        String name = call.argument(1);
        String value = call.argument(2).strip();
        if (name.matches("server_domain|client_domain")) {
            define(name, value, new TlsSetting(value, call.located(), Item.MODPARAM));
        } else if (name.matches(VALUES)) {
            Matcher domain = OF_DOMAIN.matcher(value);
            boolean isOfDomain = domain.matches();
            String text = isOfDomain ? domain.group(2).strip() : value;
            TlsSetting setting = new TlsSetting(text, call.located(), Item.MODPARAM);
            if (isOfDomain) {
                ofDomain(domain.group(1).strip(), name, setting);
            } else {
                ofAll(name, setting);
            }
        } else {
            other(name, new TlsSetting(value, call.located(), Item.MODPARAM));
        }
        return true;
    }

    @Override
    public void finish() {
        // Nothing to do: all domains are in the parameters.
    }

    private void define(String kind, String value, TlsSetting setting) {
        Matcher definition = DEFINITION.matcher(value);
        boolean isServer = kind.equals("server_domain");
        Map<String, TlsProfile> domains = isServer ? servers : clients;
        if (!definition.matches()) {
            setting.left(report, "a name is expected, or a name with an address and a port: dom=10.0.0.1:5061");
        } else if (domains.containsKey(definition.group(1))) {
            setting.left(report, "there is a domain of that name already");
        } else {
            String name = definition.group(1);
            TlsProfile profile = TlsProfile.ofOpensips(kind + " " + name, name, isServer, TlsProfile.noSettings());
            profile.settings().put(TlsProfile.DEFINITION, setting);
            if (definition.group(2) != null) {
                isOld = true;
                profile.addresses().add(definition.group(2));
            }
            domains.put(name, profile);
        }
    }

    /** A name that is both a listener's and a destination's means the first one. */
    private void ofDomain(String domain, String name, TlsSetting setting) {
        TlsProfile profile = servers.getOrDefault(domain, clients.get(domain));
        if (profile == null) {
            setting.left(report, "no server_domain or client_domain above has the name " + domain);
            return;
        }
        put(profile, name, setting);
        if (name.startsWith("match_")) {
            List<String> values =
                    Arrays.stream(setting.value().split(",")).map(String::strip).toList();
            List<String> selected = name.equals("match_ip_address") ? profile.addresses() : profile.names();
            selected.clear();
            if (!values.contains("*")) {
                selected.addAll(values);
            }
        }
    }

    private void ofAll(String name, TlsSetting setting) {
        if (name.startsWith("match_")) {
            setting.left(report, "the name of a domain is expected before the value: [name]value");
            return;
        }
        isOld = true;
        if (defaultServer == null) {
            Map<String, TlsSetting> shared = TlsProfile.noSettings();
            defaultServer =
                    TlsProfile.ofOpensips("tls_mgm for listeners without a domain", TlsProfile.DEFAULT, true, shared);
            defaultClient = TlsProfile.ofOpensips(
                    "tls_mgm for destinations without a domain", TlsProfile.DEFAULT, false, shared);
        }
        put(defaultServer, name, setting);
    }

    private void put(TlsProfile profile, String name, TlsSetting setting) {
        TlsSetting replaced = profile.settings().put(name, setting);
        if (replaced != null) {
            replaced.unneeded(report, "a later line replaces it");
        }
    }

    private void other(String name, TlsSetting setting) {
        if (name.equals("tls_library")) {
            setting.unneeded(report, "TLS is that of Java");
        } else if (name.matches("client_(tls_)?domain_avp")) {
            setting.left(report, "each destination names its block: tls_domain=NAME in its attrs");
        } else if (name.equals("client_sip_domain_avp")) {
            setting.left(
                    report,
                    "each destination names its block, and its certificate's name if that is not its host:"
                            + " tls_domain=NAME;tls_name=NAME in its attrs");
        } else if (name.equals("db_mode") && setting.value().equals("0")) {
            setting.unneeded(report, "domains are in the configuration");
        } else if (name.matches("db_\\w+|\\w+_col")) {
            usesDatabase |= name.matches("db_url|db_mode");
            setting.left(report, IN_DATABASE);
        } else {
            setting.left(report, "there is no such setting");
        }
    }

    @Override
    public List<TlsProfile> all() {
        return Stream.of(servers.values(), clients.values(), defaults())
                .flatMap(Collection::stream)
                .toList();
    }

    private List<TlsProfile> defaults() {
        return defaultServer == null ? List.of() : List.of(defaultServer, defaultClient);
    }

    @Override
    public List<TlsProfile> listener(String host, String port) {
        List<TlsProfile> exact =
                servers.values().stream().filter(one -> one.isFor(host, port)).toList();
        return exact.isEmpty() ? otherListeners() : bySni(exact);
    }

    @Override
    public List<TlsProfile> otherListeners() {
        List<TlsProfile> others = servers.values().stream()
                .filter(one -> one.addresses().isEmpty())
                .toList();
        return others.isEmpty() && defaultServer != null ? List.of(defaultServer) : bySni(others);
    }

    /** Of several domains with the same filter, OpenSIPS uses the last. */
    private static List<TlsProfile> bySni(List<TlsProfile> domains) {
        List<TlsProfile> ordered = new ArrayList<>();
        last(domains, one -> one.names().contains("none")).ifPresent(ordered::add);
        last(domains, one -> one.names().isEmpty()).ifPresent(ordered::add);
        domains.stream()
                .filter(one -> !one.names().isEmpty() && !one.names().contains("none"))
                .forEach(ordered::add);
        return ordered;
    }

    private static Optional<TlsProfile> last(Collection<TlsProfile> domains, Predicate<TlsProfile> which) {
        return domains.stream().filter(which).reduce((first, second) -> second);
    }

    /** In 2.4 a domain without an address is only selected by its name. */
    @Override
    public TlsProfile destinations() {
        return isOld
                ? defaultClient
                : last(
                                clients.values(),
                                one -> one.addresses().isEmpty() && one.names().isEmpty())
                        .orElse(null);
    }

    @Override
    public String missing() {
        return usesDatabase
                ? "its TLS domain is in a database; " + IN_DATABASE
                : "it needs a certificate in tls.server_domains, and the script names none with its key";
    }
}
