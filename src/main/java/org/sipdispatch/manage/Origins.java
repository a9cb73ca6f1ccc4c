package org.sipdispatch.manage;

import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.sipdispatch.desk.Refusal;

/** A page of another host that a browser on this one shows must not give orders. */
final class Origins {
    private static final Set<String> LOOKING = Set.of(HttpMethods.GET.name(), HttpMethods.HEAD.name());

    private Origins() {}

    /** Refuses it where it is more than a look. */
    static void check(HttpRequest request) {
        String origin = header(request, "Origin");
        if (origin != null && !LOOKING.contains(request.method().name()) && !isOf(origin, header(request, "Host"))) {
            throw new Refusal(Refusal.Kind.FORBIDDEN, "Origin: " + origin + " (expected: a page of this node)");
        }
    }

    private static String header(HttpRequest request, String name) {
        return request.getHeader(name)
                .map(akka.http.javadsl.model.HttpHeader::value)
                .orElse(null);
    }

    /** Whether a page of that origin came from that host and port. */
    static boolean isOf(String origin, String host) {
        if (host == null) {
            return false;
        }
        try {
            URI uri = URI.create(origin);
            String standard = "https".equals(uri.getScheme()) ? ":443" : ":80";
            return uri.getRawAuthority() != null
                    && with(uri.getRawAuthority(), standard).equals(with(host, standard));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String with(String host, String standard) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.matches(".*:\\d+") ? lower : lower + standard;
    }
}
