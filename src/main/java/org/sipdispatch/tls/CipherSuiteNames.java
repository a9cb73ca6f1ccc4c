package org.sipdispatch.tls;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** The names of cipher suites, of Java and of OpenSSL. */
public final class CipherSuiteNames {
    private static final Pattern OPENSSL = Pattern.compile(
            "(?:(ECDHE|DHE)-(RSA|ECDSA)-)?(?:AES(128|256)(-GCM)?|(CHACHA20-POLY1305))(?:-(SHA|SHA256|SHA384))?");

    private CipherSuiteNames() {}

    /** The suites that Java supports. */
    public static List<String> supported() {
        try {
            return List.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code ECDHE-RSA-AES256-GCM-SHA384} as {@code TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384}; null for other text. */
    public static String ofOpenSsl(String name) {
        Matcher suite = OPENSSL.matcher(name);
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
