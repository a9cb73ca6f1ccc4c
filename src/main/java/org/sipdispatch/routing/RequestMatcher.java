package org.sipdispatch.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.sipdispatch.settings.Section;
import org.sipdispatch.sip.SipRequest;

/** The conditions of a rule: a request must fulfil each one that is set. */
final class RequestMatcher {
    private final List<String> methods;
    private final List<Cidr> sources;
    private final List<String> sockets;
    private final Pattern ruri;
    private final Map<String, Pattern> headers;
    private final Boolean toTag;

    private RequestMatcher(
            List<String> methods,
            List<Cidr> sources,
            List<String> sockets,
            Pattern ruri,
            Map<String, Pattern> headers,
            Boolean toTag) {
        this.methods = methods;
        this.sources = sources;
        this.sockets = sockets;
        this.ruri = ruri;
        this.headers = headers;
        this.toTag = toTag;
    }

    static RequestMatcher from(Section when) {
        List<Cidr> sources = new ArrayList<>();
        for (String block : when.has("source") ? when.texts("source") : List.<String>of()) {
            for (String one : block.split(",")) {
                when.check(() -> sources.add(Cidr.parse(when.path("source"), one.strip())));
            }
        }
        Pattern ruri = when.has("ruri") ? pattern(when, "ruri") : null;
        Map<String, Pattern> headers = new TreeMap<>();
        Section named = when.sectionOrEmpty("header");
        for (String name : named.keys()) {
            headers.put(name, pattern(named, name));
        }
        RequestMatcher match = new RequestMatcher(
                methods(when),
                sources,
                when.has("socket") ? when.texts("socket") : List.of(),
                ruri,
                headers,
                when.has("to-tag") ? when.flag("to-tag") : null);
        when.refuseUnknown();
        return match;
    }

    private static List<String> methods(Section when) {
        List<String> methods = new ArrayList<>();
        for (String list : when.has("method") ? when.texts("method") : List.<String>of()) {
            for (String method : list.split("[,|]")) {
                if (!method.strip().matches("[A-Z0-9.!%*_+`'~-]+")) {
                    when.refuse("method", list, "method names in capitals such as INVITE");
                }
                methods.add(method.strip());
            }
        }
        return methods;
    }

    private static Pattern pattern(Section section, String key) {
        String text = section.text(key);
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            section.refuse(key, text, "a regular expression, " + e.getDescription());
            return null;
        }
    }

    /** Whether there is no condition. */
    boolean isEmpty() {
        return methods.isEmpty()
                && sources.isEmpty()
                && sockets.isEmpty()
                && ruri == null
                && headers.isEmpty()
                && toTag == null;
    }

    List<String> methods() {
        return methods;
    }

    /** The names of the listening sockets in the condition. */
    List<String> sockets() {
        return sockets;
    }

    /**
     * Whether a request fulfils the conditions. An ACK or CANCEL without a transaction must go where its INVITE went,
     * so both count as INVITE.
     */
    boolean matches(RequestFacts facts) {
        return matchesMethod(facts.request()) && matchesExceptMethod(facts);
    }

    /** Whether a request fulfils the conditions other than that on its method. */
    boolean matchesExceptMethod(RequestFacts facts) {
        SipRequest request = facts.request();
        return matchesSource(facts)
                && (sockets.isEmpty() || sockets.contains(facts.socket()))
                && (toTag == null || toTag == request.hasToTag())
                && (ruri == null
                        || ruri.matcher(request.requestUri().toString()).find())
                && matchesHeaders(request);
    }

    /** Whether requests with this method fulfil the condition on the method. */
    boolean matchesMethod(String method) {
        boolean partOfInvite = method.equals("ACK") || method.equals("CANCEL");
        return methods.isEmpty() || methods.contains(method) || partOfInvite && methods.contains("INVITE");
    }

    private boolean matchesMethod(SipRequest request) {
        if (methods.isEmpty()) {
            return true;
        }
        boolean partOfInvite = request.isMethod("ACK") || request.isMethod("CANCEL");
        for (String method : methods) {
            if (request.isMethod(method) || partOfInvite && method.equals("INVITE")) {
                return true;
            }
        }
        return false;
    }

    private boolean matchesSource(RequestFacts facts) {
        for (Cidr block : sources) {
            if (block.contains(facts.source().getAddress())) {
                return true;
            }
        }
        return sources.isEmpty();
    }

    private boolean matchesHeaders(SipRequest request) {
        for (Map.Entry<String, Pattern> wanted : headers.entrySet()) {
            String value = request.text(wanted.getKey());
            if (value == null || !wanted.getValue().matcher(value).find()) {
                return false;
            }
        }
        return true;
    }
}
