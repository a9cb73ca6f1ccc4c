package org.sipdispatch.cli;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.sipdispatch.settings.SettingException;

/**
 * The address of a node's HTTP interface, with credentials.
 *
 * @param base the URL without a trailing slash
 * @param authorization the value of the header {@code Authorization}; null for none
 */
record NodeAddress(String base, String authorization) {
    private static final int LARGEST_PORT = 65_535;

    /** Parses a URL, or only host:port; a name:token in the URL takes precedence over {@code token}, which may be null. */
    static NodeAddress parse(String text, String token) {
        URI uri = uri(text.contains("://") ? text : "http://" + text, text);
        if (uri.getHost() == null
                || uri.getPort() > LARGEST_PORT
                || !uri.getScheme().matches("(?i)https?")) {
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
        return new NodeAddress(uri.getScheme() + "://" + uri.getHost() + port + path, authorization);
    }

    private static URI uri(String url, String text) {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw refused(text);
        }
    }

    private static SettingException refused(String text) {
        return new SettingException(
                "--node", text.replaceAll("//.*@", "//***@"), "a URL such as http://127.0.0.1:8558");
    }
}
