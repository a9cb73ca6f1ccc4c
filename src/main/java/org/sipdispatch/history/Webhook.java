package org.sipdispatch.history;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.settings.UserInfo;

/**
 * An HTTP receiver of the history.
 *
 * @param target the URL without user and password
 * @param authorization the value of the header field {@code Authorization}; null for none
 * @param offsetName the name under which its offset is stored
 */
record Webhook(URI target, String authorization, String offsetName) {
    private static final int LONGEST_NAME = 200;
    /** Path, query and fragment, after all that is before them. */
    private static final String PATH = "(?s)^((?:[^:/?]+:)?(?://)?[^/?#]*)[/?#].+";

    /** Parses a URL, which may hold user and password. */
    static Webhook parse(String key, String url) {
        try {
            URI whole = new URI(url);
            boolean http = "http".equalsIgnoreCase(whole.getScheme()) || "https".equalsIgnoreCase(whole.getScheme());
            if (http && whole.getHost() != null && whole.getRawFragment() == null && whole.getPort() <= 65_535) {
                return of(whole, url);
            }
        } catch (java.net.URISyntaxException e) {
            // Refused below: the exception's message might contain a password.
        }
        throw new SettingException(key, shown(url), "a URL http://host[:port]/path or https://...");
    }

    private static Webhook of(URI whole, String url) {
        String user = whole.getUserInfo();
        URI target = URI.create(user == null ? url : url.replaceFirst("(?i)^(https?://)[^@/]*@", "$1"));
        String authorization = user == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        boolean plain = target.getRawQuery() == null && url.length() <= LONGEST_NAME;
        return new Webhook(target, authorization, "webhook " + (plain ? target.toString() : digest(target.toString())));
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String shown(String url) {
        return UserInfo.withoutPassword(url.replaceFirst("//.*@", "//***@")).replaceFirst(PATH, "$1/***");
    }

    /** Scheme, host and port: the path of a webhook is often its secret. */
    @Override
    public String toString() {
        return target.getScheme() + "://" + target.getRawAuthority();
    }
}
