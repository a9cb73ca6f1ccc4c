package org.sipdispatch.cli;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.sipdispatch.settings.BadSetting;

/**
 * Where a node's HTTP is, and what to show there.
 *
 * @param base without a slash at its end
 * @param authorization the header's value; null for none
 */
record Place(String base, String authorization) {
    /** Reads a URL, or only host:port; name:token before the host count before the token. */
    static Place parse(String text, String token) {
        URI uri = uri(text.contains("://") ? text : "http://" + text, text);
        if (uri.getHost() == null || !uri.getScheme().matches("(?i)https?")) {
            throw refused(text);
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String authorization = token == null ? null : "Bearer " + token;
        if (uri.getRawUserInfo() != null) {
            byte[] user = URLDecoder.decode(uri.getRawUserInfo().replace("+", "%2B"), StandardCharsets.UTF_8)
                    .getBytes(StandardCharsets.UTF_8);
            authorization = "Basic " + Base64.getEncoder().encodeToString(user);
        }
        return new Place(uri.getScheme() + "://" + uri.getHost() + port + path, authorization);
    }

    private static URI uri(String url, String text) {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw refused(text);
        }
    }

    private static BadSetting refused(String text) {
        return new BadSetting("--node", text.replaceAll("//.*@", "//***@"), "a URL such as http://127.0.0.1:8558");
    }
}
