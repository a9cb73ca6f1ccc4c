package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.migrate.ImportReport.Item;

/** Reads Kamailio's {@code tls.cfg}: a section for each TLS domain. */
final class KamailioTlsFile {
    /** Kamailio's names of the keys for which {@link TlsProfile} has the names of OpenSIPS. */
    static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("method", "tls_method"),
            Map.entry("tls_method", "tls_method"),
            Map.entry("verify_certificate", "verify_cert"),
            Map.entry("verify_cert", "verify_cert"),
            Map.entry("require_certificate", "require_cert"),
            Map.entry("require_cert", "require_cert"),
            Map.entry("verify_client", "verify_client"),
            Map.entry("verify_depth", "verify_depth"),
            Map.entry("private_key", "private_key"),
            Map.entry("pkey_file", "private_key"),
            Map.entry("certificate", "certificate"),
            Map.entry("cert_file", "certificate"),
            Map.entry("ca_list", "ca_list"),
            Map.entry("calist_file", "ca_list"),
            Map.entry("ca_path", "ca_dir"),
            Map.entry("crl", "crl"),
            Map.entry("cipher_list", "ciphers_list"),
            Map.entry("server_name", "server_name"),
            Map.entry("server_name_mode", "server_name_mode"),
            Map.entry("server_id", "server_id"));

    private static final Pattern SECTION =
            Pattern.compile("(?i)\\[\\s*(server|srv|s|client|cli|c)\\s*:\\s*(\\S+?)\\s*]");
    private static final Pattern VALUE = Pattern.compile("(\\w+)\\s*=\\s*(?:\"([^\"]*)\"|(\\S+))");
    /** A quoted text, which is kept, or a comment. */
    private static final Pattern COMMENT = Pattern.compile("(\"[^\"]*\")|#.*");

    /** The name of a section for all addresses, which SNI selects. */
    static final String ANY = "any";

    private final String file;
    private final ImportReport report;
    private final List<TlsProfile> sections = new ArrayList<>();
    private TlsProfile section;

    private KamailioTlsFile(String file, ImportReport report) {
        this.file = file;
        this.report = report;
    }

    /** The sections in their order. Reports the parts that cannot be read. */
    static List<TlsProfile> read(String file, String text, ImportReport report) {
        KamailioTlsFile reader = new KamailioTlsFile(file, report);
        String[] lines = text.split("\\R");
        for (int i = 0; i < lines.length; i++) {
            String line = COMMENT.matcher(lines[i]).replaceAll("$1").strip();
            if (!line.isEmpty()) {
                reader.line(line, " at " + file + " line " + (i + 1));
            }
        }
        reader.sections.forEach(KamailioTlsFile::name);
        return reader.sections;
    }

    private void line(String line, String place) {
        Matcher head = SECTION.matcher(line);
        Matcher value = VALUE.matcher(line);
        String key = value.matches() ? KEYS.get(value.group(1).toLowerCase(Locale.ROOT)) : null;
        if (head.matches()) {
            begin(line + place, head.group(1).matches("(?i)s.*"), head.group(2));
        } else if (!value.matches()) {
            report.left(Item.TLS_SETTING, line + place, "it cannot be read");
        } else if (section == null || key == null) {
            report.left(Item.TLS_SETTING, line + place, "no section of Kamailio has such a value");
        } else {
            String text = value.group(2) == null ? value.group(3) : value.group(2);
            TlsSetting setting = new TlsSetting(text, line + place, Item.TLS_SETTING);
            TlsSetting replaced = section.settings().put(key, setting);
            if (replaced != null) {
                replaced.unneeded(report, "a later line replaces it");
            }
        }
    }

    private void begin(String origin, boolean server, String address) {
        section = TlsProfile.ofKamailio(origin, server, TlsProfile.noSettings());
        sections.add(section);
        if (address.matches("(?i)any|all")) {
            section.setName(ANY);
        } else if (!address.matches("(?i)default|def|\\*")) {
            section.setName(address);
            section.addresses().add(address);
        }
    }

    /** A section is selected by SNI or, for destinations, also by an identifier that the script sets. */
    private static void name(TlsProfile section) {
        String sni = section.value("server_name");
        String id = section.value("server_id");
        boolean isOther = !section.isDefault();
        if (sni != null && isOther) {
            section.names().add(sni);
        }
        if (!section.isServer() && isOther && (id != null || sni != null)) {
            section.setName(id != null ? id : sni);
        }
    }
}
