package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.sipdispatch.migrate.ImportReport.Item;

/** The TLS domains of Kamailio's module {@code tls}: from its {@code tls.cfg}, else from its parameters. */
final class KamailioTls implements ScriptTlsDomains {
    private static final String OWN_LIBRARY =
            "tls_disable_compression|ssl_\\w+|con_ct_wq_max|ct_wq_max|ct_wq_blk_size|tls_log|tls_debug"
                    + "|low_mem_threshold[12]|tls_force_run|send_close_notify|rand_engine|send_timeout|handshake_timeout"
                    + "|init_mode|key_password_mode|provider_quirks";

    private final ImportReport report;
    private final boolean enabled;
    private final UnaryOperator<String> included;
    private final Map<String, TlsSetting> parameters = TlsProfile.noSettings();
    private final List<TlsProfile> profiles = new ArrayList<>();
    /** The parameter {@code config}; null for none. */
    private TlsSetting config;

    private boolean isUnreadable;

    /**
     * @param enabled whether the script turns TLS on
     * @param included reads a file beside the script; null if it cannot be read
     */
    KamailioTls(ImportReport report, boolean enabled, UnaryOperator<String> included) {
        this.report = report;
        this.enabled = enabled;
        this.included = included;
    }

    @Override
    public boolean take(Script.FunctionCall call) {
        if (!call.argument(0).matches("tls(\\.so)?")) {
            return false;
        }
        String name = call.argument(1);
        TlsSetting setting = new TlsSetting(call.argument(2).strip(), call.located(), Item.MODPARAM);
        if (name.equals("config")) {
            replaced(config);
            config = setting;
        } else if (KamailioTlsFile.KEYS.containsKey(name)) {
            replaced(parameters.put(KamailioTlsFile.KEYS.get(name), setting));
        } else {
            other(name, setting);
        }
        return true;
    }

    private void replaced(TlsSetting setting) {
        if (setting != null) {
            setting.unneeded(report, "a later line replaces it");
        }
    }

    private void other(String name, TlsSetting setting) {
        if (name.matches(OWN_LIBRARY)) {
            setting.unneeded(report, "it is about Kamailio's library, memory and log");
        } else if (name.matches("session_cache|session_id")) {
            setting.unneeded(report, "sessions can be resumed for an hour");
        } else if (name.equals("renegotiation") && setting.value().equals("0")) {
            setting.unneeded(report, "renegotiation is refused");
        } else if (name.equals("renegotiation")) {
            setting.left(report, "renegotiation is refused");
        } else if (name.startsWith("engine")) {
            setting.left(report, "keys in hardware cannot be used; write the key to a PEM file");
        } else if (name.equals("xavp_cfg")) {
            setting.left(report, "destinations select their block: tls_domain=NAME and tls_name=NAME in their attrs");
        } else {
            setting.left(report, "there is no such setting");
        }
    }

    /** Reads the file, if the script names one. With a file the parameters do not count. */
    @Override
    public void finish() {
        if (config == null) {
            profiles.add(TlsProfile.ofKamailio("[server:default], by the parameters of tls", true, parameters));
            profiles.add(TlsProfile.ofKamailio("[client:default], by the parameters of tls", false, parameters));
            return;
        }
        String file = config.value();
        String text = included.apply(file);
        if (text == null) {
            file = file.substring(file.lastIndexOf('/') + 1);
            text = included.apply(file);
        }
        parameters.values().forEach(one -> one.unneeded(report, "the file of config replaces it"));
        isUnreadable = text == null;
        if (isUnreadable) {
            config.left(report, "the file cannot be read here; put it beside the script, and import it again");
            return;
        }
        config.carried(report);
        profiles.addAll(KamailioTlsFile.read(file, text, report));
        if (destinations() == null) {
            profiles.add(TlsProfile.ofKamailio(
                    "[client:default], which is not in the file", false, TlsProfile.noSettings()));
        }
    }

    @Override
    public List<TlsProfile> all() {
        return List.copyOf(profiles);
    }

    /** Kamailio takes the last section for an address. */
    @Override
    public List<TlsProfile> listener(String host, String port) {
        if (!enabled) {
            return List.of();
        }
        List<TlsProfile> exact = lastFirst(profiles.stream().filter(one -> one.isServer() && one.isFor(host, port)));
        if (exact.isEmpty()) {
            return otherListeners();
        }
        exact.addAll(forAnyAddress());
        return exact;
    }

    @Override
    public List<TlsProfile> otherListeners() {
        List<TlsProfile> others = lastFirst(profiles.stream().filter(one -> one.isServer() && one.isDefault()));
        others.addAll(forAnyAddress());
        return others;
    }

    private List<TlsProfile> forAnyAddress() {
        return lastFirst(
                profiles.stream().filter(one -> one.isServer() && one.name().equals(KamailioTlsFile.ANY)));
    }

    private static List<TlsProfile> lastFirst(Stream<TlsProfile> sections) {
        List<TlsProfile> list = new ArrayList<>(sections.toList());
        Collections.reverse(list);
        return list;
    }

    @Override
    public TlsProfile destinations() {
        return profiles.stream()
                .filter(one -> !one.isServer() && one.isDefault())
                .findFirst()
                .orElse(null);
    }

    @Override
    public String missing() {
        return !enabled
                ? "the script does not set enable_tls, so Kamailio does not listen there"
                : isUnreadable
                        ? "its certificate is in " + config.value() + ", which cannot be read here"
                        : "it needs a certificate in tls.server_domains, and the script names none with its key";
    }
}
