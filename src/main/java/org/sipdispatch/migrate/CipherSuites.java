package org.sipdispatch.migrate;

import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * A list of cipher suites for OpenSSL, with Java's names.
 *
 * @param suites those that Java has
 * @param others those that Java does not have, and what is no name of a suite
 */
record CipherSuites(List<String> suites, List<String> others) {
    /** A list for OpenSSL is about TLS 1.2 and older; these are always enabled there. */
    private static final List<String> NEWEST =
            List.of("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");

    /** Exclusions that no suite below has anything to do with. */
    private static final String ABSENT =
            "[!-](?i:[ae]?NULL|ADH|AECDH|MD5|RC4|3?DES|EXP(?:ORT)?|LOW|PSK|SRP|DSS|CAMELLIA|SEED|IDEA)";

    private static final Pattern NAME = Pattern.compile(
            "(?:(ECDHE|DHE)-(RSA|ECDSA)-)?(?:AES(128|256)(-GCM)?|(CHACHA20-POLY1305))(?:-(SHA|SHA256|SHA384))?");

    /** @param newest whether TLS 1.3 is allowed */
    static CipherSuites of(String list, boolean newest) {
        List<String> supported = supported();
        List<String> suites = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String one : list.strip().split("[:,\\s]+")) {
            String name = one.startsWith("TLS_") ? one : java(one);
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

    private static List<String> supported() {
        try {
            return Arrays.asList(
                    SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code ECDHE-RSA-AES256-GCM-SHA384} as {@code TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384}; null for other text. */
    private static String java(String name) {
        Matcher suite = NAME.matcher(name);
        if (!suite.matches()) {
            return null;
        }
        String exchange = suite.group(1) == null ? "RSA" : suite.group(1) + "_" + suite.group(2);
        boolean chacha = suite.group(5) != null;
        String cipher =
                chacha ? "CHACHA20_POLY1305" : "AES_" + suite.group(3) + (suite.group(4) == null ? "_CBC" : "_GCM");
        String hash = suite.group(6) == null ? chacha ? "SHA256" : "SHA" : suite.group(6);
        return "TLS_" + exchange + "_WITH_" + cipher + "_" + hash;
    }
}
