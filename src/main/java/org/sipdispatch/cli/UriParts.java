package org.sipdispatch.cli;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds parts of a URI: user, host, port, parameters, and the first labels of a host name. Parts of
 * {@code sip:gw1.example.com:5070} are {@code gw1}, {@code gw1.example.com:5070} and {@code 5070}, but not {@code gw} or
 * {@code example}; {@code 10.0.0.1} is not a part of {@code sip:10.0.0.12}.
 */
final class UriParts {
    private static final Pattern URI =
            Pattern.compile("(?:[a-z][a-z0-9+.-]*:)?(?:([^@;?]*)@)?(\\[[^\\]]*]|[^:;?@]*)(?::(\\d+))?(?:[;?].*)?");
    private static final int USER = 1;
    private static final int HOST = 2;
    private static final int PORT = 3;

    private final String uri;
    private final BitSet begins = new BitSet();
    private final BitSet ends = new BitSet();

    /** {@code uri} must be in lower case. */
    UriParts(String uri) {
        this.uri = uri;
        begins.set(0);
        ends.set(uri.length());
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) == ';' || uri.charAt(i) == '?') {
                ends.set(i);
                begins.set(i + 1);
            }
        }
        Matcher parts = URI.matcher(uri);
        if (parts.matches()) {
            for (int part : new int[] {USER, HOST, PORT}) {
                if (parts.group(part) != null) {
                    part(parts.start(part), parts.end(part));
                }
            }
            labels(parts.start(HOST), parts.group(HOST));
        }
    }

    private void part(int begin, int end) {
        begins.set(begin);
        ends.set(end);
    }

    private void labels(int at, String host) {
        if (host.startsWith("[")) {
            part(at + 1, at + host.length() - 1);
        } else if (!host.matches("[\\d.]+")) {
            for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
                ends.set(at + dot);
            }
        }
    }

    /** The host of a URI; the text itself if it is not a URI. */
    static String host(String uri) {
        Matcher parts = URI.matcher(uri);
        return parts.matches() ? parts.group(HOST) : uri;
    }

    /** Whether {@code text}, in lower case, is one part or several adjacent parts. */
    boolean contains(String text) {
        for (int at = uri.indexOf(text); at >= 0 && !text.isEmpty(); at = uri.indexOf(text, at + 1)) {
            if (begins.get(at) && ends.get(at + text.length())) {
                return true;
            }
        }
        return false;
    }
}
