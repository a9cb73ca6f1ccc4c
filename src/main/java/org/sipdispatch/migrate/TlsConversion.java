package org.sipdispatch.migrate;

import java.util.List;
import java.util.function.UnaryOperator;

/** Converts one TLS domain. Reports the parts that a block cannot express, and differences in the checks. */
final class TlsConversion {
    private static final String REVOKED =
            "revocation lists are not read: a revoked certificate is accepted until it expires";

    /** Both proxies allow TLS 1.0 if the script does not set the version. */
    private static final String USUAL_METHOD = "SSLv23";

    private static final int LONGEST_CHAIN = 5;

    private final TlsProfile profile;
    private final ImportReport report;
    private final UnaryOperator<String> paths;
    private final TlsBlock block;

    private TlsConversion(TlsProfile profile, ImportReport report, UnaryOperator<String> paths) {
        this.profile = profile;
        this.report = report;
        this.paths = paths;
        this.block = TlsBlock.of(profile.origin());
    }

    /** @param paths gives a file its path */
    static TlsBlock of(TlsProfile profile, ImportReport report, UnaryOperator<String> paths) {
        TlsConversion conversion = new TlsConversion(profile, report, paths);
        conversion.certificate();
        conversion.authorities();
        conversion.verification();
        conversion.serverName();
        conversion.versionsAndSuites();
        profile.settings().forEach(conversion::other);
        return conversion.block;
    }

    private void certificate() {
        TlsSetting certificate = profile.settings().get("certificate");
        TlsSetting key = profile.settings().get("private_key");
        if (profile.hasCertificate()) {
            block.certificates().add(paths.apply(certificate.value()));
            block.keys().add(paths.apply(key.value()));
            certificate.carried(report);
            key.carried(report);
            return;
        }
        String why = profile.hasEngine()
                ? "keys in hardware cannot be used; write the key to a PEM file"
                : "a certificate and its key are two settings here, and the other one is not in the script";
        for (TlsSetting one : new TlsSetting[] {certificate, key}) {
            if (one != null) {
                one.left(report, why);
            }
        }
    }

    private void authorities() {
        TlsSetting list = profile.settings().get("ca_list");
        TlsSetting directory = profile.settings().get("ca_dir");
        if (list != null) {
            block.values().put("ca_list", ConfWriter.quoted(paths.apply(list.value())));
            list.carried(report);
        }
        if (directory != null && profile.verifies()) {
            directory.left(report, "ca_list names files: write those of the directory");
        } else if (directory != null) {
            directory.unneeded(report, "nothing is verified with it");
        }
        if (list == null && profile.verifies() && profile.isServer()) {
            block.open()
                    .add("ca_list: the script names no file of authorities"
                            + (directory == null && !profile.isKamailio() ? ", and OpenSIPS reads /etc/pki/CA/" : "")
                            + "; write those of the clients, because without any each certificate that Java's"
                            + " authorities signed for a client is accepted");
        } else if (list == null && profile.verifies()) {
            report.note(
                    profile.origin() + ": verify_cert without ca_list",
                    "without a file the authorities of Java count, which accept other servers than"
                            + (profile.isKamailio() ? " Kamailio, which then accepts none" : " /etc/pki/CA/"));
        }
    }

    private void verification() {
        block.values().put("verify_cert", profile.verifies() ? "on" : "off");
        if (profile.isServer()) {
            block.values().put("require_cert", profile.requires() ? "on" : "off");
            boolean says = profile.value("verify_cert") != null && profile.value("require_cert") != null;
            if (!profile.isKamailio() && profile.verifies() && !says) {
                block.comments().add("By default OpenSIPS verifies the certificates of clients, and requires them.");
            }
        } else if (profile.verifies()) {
            report.differs(
                    profile.origin(),
                    "a server's certificate must have the name of its destination too: the host of the URI, or"
                            + " tls_name=NAME in the attrs; there only its authority counts");
        } else {
            boolean says = profile.value("verify_cert") != null
                    || profile.value("verify_client") != null
                    || profile.value("require_cert") != null;
            block.comments()
                    .add((says ? "As in the script" : "By default Kamailio does not verify servers")
                            + ": any certificate is accepted, so that connections may lead to anyone.");
        }
    }

    /** The name in Kamailio's default section does not apply to all destinations. */
    private void serverName() {
        TlsSetting name = profile.settings().get("server_name");
        if (name == null) {
            return;
        }
        if (profile.isServer()) {
            name.unneeded(report, "a client's SNI selects by the names in the certificates");
        } else if (profile.isDefault()) {
            name.left(report, "each destination has its own name: its host, or tls_name=NAME in its attrs");
        } else {
            block.values().put("verify_name", ConfWriter.quoted(name.value()));
            name.carried(report);
        }
    }

    private void versionsAndSuites() {
        TlsSetting method = profile.settings().get("tls_method");
        TlsVersions versions = TlsVersions.of(method == null ? USUAL_METHOD : method.value());
        if (method == null) {
            report.differs(
                    profile.origin() + ", which allows TLS 1.0 by default",
                    "TLS 1.0 and 1.1 are refused: peers need TLS 1.2 or 1.3");
        } else if (versions == null) {
            method.left(report, "it is no version of TLS");
        } else if (!versions.isUsable()) {
            method.left(report, "TLS 1.0 and 1.1 are refused: peers need TLS 1.2 or 1.3");
        } else {
            method.carried(report);
            if (versions.allowsOlder()) {
                report.differs(method.written(), "TLS 1.0 and 1.1 are refused: peers need TLS 1.2 or 1.3");
            }
            if (versions.setting() != null) {
                block.values().put("tls_method", ConfWriter.quoted(versions.setting()));
            }
        }
        TlsSetting list = profile.settings().get("ciphers_list");
        if (list != null) {
            suites(list, versions == null || !versions.isUsable() || versions.hasNewest());
        }
    }

    private void suites(TlsSetting list, boolean newest) {
        CipherSuites suites = CipherSuites.of(list.value(), newest);
        if (suites.suites().isEmpty()) {
            list.left(
                    report,
                    "it names no suite that Java has; without ciphers_list those with forward secrecy and"
                            + " authenticated encryption are used");
            return;
        }
        block.values().put("ciphers_list", TlsBlock.list(suites.suites()));
        if (suites.others().isEmpty()) {
            list.carried(report);
        } else {
            list.left(
                    report,
                    "these are no suites that Java has: " + String.join(", ", suites.others())
                            + "; the others are carried over");
        }
    }

    private void other(String key, TlsSetting setting) {
        switch (key) {
            case "verify_cert", TlsProfile.DEFINITION -> setting.carried(report);
            case "require_cert" -> required(setting);
            case "verify_client" -> client(setting);
            case "crl", "crl_dir", "crl_check_all" -> revoked(key, setting);
            case "match_ip_address" -> selected(setting);
            case "match_sip_domain" -> {
                if (profile.isServer()) {
                    setting.unneeded(report, "a client's SNI selects by the names in the certificates");
                } else {
                    selected(setting);
                }
            }
            case "dh_params" -> setting.unneeded(report, "Java has parameters of its own for Diffie-Hellman");
            case "ec_curve" ->
                setting.left(
                        report,
                        "the curves are those of Java; -Djdk.tls.namedGroups=" + setting.value()
                                + " in JAVA_OPTS restricts them for all of TLS");
            case "verify_depth" -> depth(setting);
            case "server_name_mode" -> setting.unneeded(report, "names in certificates may have a wildcard for SNI");
            case "server_id" -> {
                if (profile.isServer() || profile.isDefault()) {
                    setting.unneeded(report, "nothing selects this section by it");
                } else {
                    setting.carried(report);
                }
            }
            default -> {}
        }
    }

    private void required(TlsSetting setting) {
        if (profile.isKamailio() || profile.isServer() && profile.verifies()) {
            setting.carried(report);
        } else {
            setting.unneeded(
                    report,
                    profile.isServer()
                            ? "it has no effect without verify_cert, as in OpenSIPS"
                            : "it is about clients; a server always has a certificate");
        }
    }

    private void client(TlsSetting setting) {
        if (profile.acceptsAny()) {
            setting.left(report, "a certificate is verified or not asked for: none is asked for");
        } else {
            setting.carried(report);
        }
    }

    private void revoked(String key, TlsSetting setting) {
        boolean isUsed = !key.equals("crl_check_all") || profile.value("crl_dir") != null;
        if (!profile.verifies() || !isUsed) {
            setting.unneeded(report, "no list is read with these settings in the other proxy");
            return;
        }
        setting.left(report, REVOKED);
        if (!key.equals("crl_check_all")) {
            block.open()
                    .add(key + ": " + REVOKED
                            + (profile.isServer()
                                    ? "; restrict accepted_names, or remove this point if that is acceptable"
                                    : "; remove this point if that is acceptable"));
        }
    }

    /** The report names a domain that destinations select in a separate line. */
    private void selected(TlsSetting setting) {
        boolean all = profile.addresses().isEmpty() && profile.names().isEmpty();
        if (profile.isServer() || all) {
            setting.carried(report);
        } else {
            setting.left(report);
        }
    }

    private void depth(TlsSetting setting) {
        if (List.of("0", "1", "2", "3", "4").contains(setting.value())) {
            setting.left(
                    report, "up to " + LONGEST_CHAIN + " certificates may be between that of a peer and its authority");
        } else {
            setting.unneeded(
                    report, "up to " + LONGEST_CHAIN + " certificates may be between that of a peer and its authority");
        }
    }
}
