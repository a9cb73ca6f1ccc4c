package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The content of a block of {@code tls.server_domains} or {@code tls.client_domains}.
 *
 * @param origins the domains of the script
 * @param certificates the files with certificates
 * @param keys the files with their keys, in the same order
 * @param values the other settings, as HOCON
 * @param open the points that an operator must resolve, each without the path of the block
 * @param comments lines above the settings
 */
record TlsBlock(
        List<String> origins,
        List<String> certificates,
        List<String> keys,
        Map<String, String> values,
        List<String> open,
        List<String> comments) {
    /** The value of a key in a block that does not inherit it from {@code default}. */
    private static final Map<String, String> NOTHING = Map.of(
            "certificate", "[]",
            "private_key", "[]",
            "ca_list", "[]",
            "verify_name", "\"\"",
            "tls_method", "\"TLSv1_2-TLSv1_3\"",
            "ciphers_list", "[]");

    static TlsBlock of(String origin) {
        List<String> origins = new ArrayList<>(List.of(origin));
        return new TlsBlock(
                origins,
                new ArrayList<>(),
                new ArrayList<>(),
                new LinkedHashMap<>(),
                new ArrayList<>(),
                new ArrayList<>());
    }

    /** A copy that also presents the certificates of the other block. */
    TlsBlock withCertificatesOf(TlsBlock other) {
        List<String> moreOpen = joined(open, other.open);
        return new TlsBlock(
                joined(origins, other.origins),
                joined(certificates, other.certificates),
                joined(keys, other.keys),
                values,
                moreOpen.stream().distinct().toList(),
                comments);
    }

    private static List<String> joined(List<String> one, List<String> other) {
        List<String> joined = new ArrayList<>(one);
        joined.addAll(other);
        return joined;
    }

    /** The settings in which the other block differs. */
    Set<String> differences(TlsBlock other) {
        Set<String> keys = new TreeSet<>(values.keySet());
        keys.addAll(other.values.keySet());
        keys.removeIf(key -> values.getOrDefault(key, "").equals(other.values.getOrDefault(key, "")));
        return keys;
    }

    /**
     * All settings as HOCON.
     *
     * @param inherited the block whose settings would count otherwise; null for none
     */
    Map<String, String> settings(TlsBlock inherited) {
        Map<String, String> all = new LinkedHashMap<>();
        if (!certificates.isEmpty()) {
            all.put("certificate", list(certificates));
            all.put("private_key", list(keys));
        }
        all.putAll(values);
        if (inherited != null) {
            inherited.settings(null).keySet().forEach(key -> all.putIfAbsent(key, NOTHING.get(key)));
        }
        return all;
    }

    /** A text, or a list of texts. */
    static String list(List<String> texts) {
        List<String> quoted = texts.stream().map(ConfWriter::quoted).toList();
        return quoted.size() == 1 ? quoted.get(0) : "[ " + String.join(", ", quoted) + " ]";
    }
}
