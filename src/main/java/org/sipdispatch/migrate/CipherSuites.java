package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.tls.CipherSuiteNames;

/**
 * A list of cipher suites for OpenSSL, with Java's names.
 *
 * @param suites those that Java has
 * @param others those that Java does not have, and words that are not the name of a suite
 */
record CipherSuites(List<String> suites, List<String> others) {
    /** A list for OpenSSL is about TLS 1.2 and older; these are always enabled there. */
    private static final List<String> NEWEST =
            List.of("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");

    /** Exclusions that affect none of the suites below. */
    private static final String ABSENT =
            "[!-](?i:[ae]?NULL|ADH|AECDH|MD5|RC4|3?DES|EXP(?:ORT)?|LOW|PSK|SRP|DSS|CAMELLIA|SEED|IDEA)";

    /** @param newest whether TLS 1.3 is allowed */
    static CipherSuites of(String list, boolean newest) {
        List<String> supported = CipherSuiteNames.supported();
        List<String> suites = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String one : list.strip().split("[:,\\s]+")) {
            String name = one.startsWith("TLS_") ? one : CipherSuiteNames.ofOpenSsl(one);
            if (name != null && supported.contains(name)) {
                suites.add(name);
            } else if (!one.matches(ABSENT)) {
                others.add(one);
            }
        }
        if (newest && !suites.isEmpty()) {
            NEWEST.stream().filter(one -> !suites.contains(one)).forEach(suites::add);
        }
        return new CipherSuites(suites.stream().distinct().toList(), others);
    }
}
