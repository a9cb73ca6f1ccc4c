package org.sipdispatch.routing;

import java.util.function.Function;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DigestUsername;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.NameAddr;
import org.sipdispatch.sip.SipUri;

/** The supported pseudo-variables of the OpenSIPS script. The value is null if the request has none. */
enum PseudoVariable {
    /** Call-ID. */
    CI("ci", facts -> facts.request().text(HeaderName.CALL_ID)),
    /** From URI. */
    FU("fu", facts -> facts.request().from().uriText()),
    /** User of the From URI. */
    FUSER("fU", facts -> user(uri(facts.request().from()))),
    /** Domain of the From URI. */
    FD("fd", facts -> host(uri(facts.request().from()))),
    /** To URI. */
    TU("tu", facts -> facts.request().to().uriText()),
    /** User of the To URI. */
    TUSER("tU", facts -> user(uri(facts.request().to()))),
    /** Domain of the To URI. */
    TD("td", facts -> host(uri(facts.request().to()))),
    /** Request-URI. */
    RU("ru", facts -> facts.request().requestUri().toString()),
    /** User of the Request-URI. */
    RUSER("rU", facts -> user(facts.request().requestUri())),
    /** Domain of the Request-URI. */
    RD("rd", facts -> host(facts.request().requestUri())),
    /** Port of the Request-URI, or the default port. */
    RP("rp", facts -> port(facts.request().requestUri())),
    /** Method. */
    RM("rm", facts -> facts.request().method()),
    /** Source address. */
    SI("si", facts -> facts.source().getAddress().getHostAddress()),
    /** Source port. */
    SP("sp", facts -> Integer.toString(facts.source().getPort())),
    /** User of the digest credentials. */
    AU("au", facts -> DigestUsername.user(facts.request())),
    /** User-Agent. */
    UA("ua", facts -> facts.request().text(HeaderName.USER_AGENT)),
    /** The set in which {@code in-set} found the sender. */
    DS_IN_SET("ds(in-set)", facts -> set(facts.senderSet())),
    /** URI of the destination. */
    DS_URI("ds(uri)", facts -> ofDestination(facts, Destination::uri)),
    /** Set of the destination. */
    DS_SET("ds(set)", facts -> ofDestination(facts, destination -> set(destination.setId()))),
    /** Attributes of the destination. */
    DS_ATTRS("ds(attrs)", facts -> ofDestination(facts, Destination::attrs)),
    /** Description of the destination. */
    DS_DESCRIPTION("ds(description)", facts -> ofDestination(facts, Destination::description)),
    /** Attributes of the destination that were set with {@code ds_push_script_attrs}. */
    DS_SCRIPT_ATTRS("ds(script_attrs)", facts -> ofDestination(facts, destination -> scriptAttrs(facts, destination)));

    private static final String DS = "ds(";

    /** Reads one value from a request. */
    interface Getter {
        String get(RequestFacts facts);
    }

    private final String text;
    private final Getter getter;

    PseudoVariable(String text, Getter getter) {
        this.text = text;
        this.getter = getter;
    }

    /** The getter for a name such as {@code ci} or {@code hdr(X-Set)}; null if there is no such pseudo-variable. */
    static Getter of(String name) {
        for (PseudoVariable variable : values()) {
            if (variable.text.equals(name)) {
                return variable.getter;
            }
        }
        if (name.startsWith("hdr(") && name.endsWith(")") && name.length() > 5) {
            String header = name.substring(4, name.length() - 1).strip();
            return facts -> facts.request().text(header);
        }
        return null;
    }

    /** The variables as they are written, for messages. */
    static String names(boolean ofDestinationToo) {
        StringBuilder names = new StringBuilder();
        for (PseudoVariable variable : values()) {
            // The variables of the dispatcher come last.
            names.append(variable == DS_IN_SET ? "$hdr(name) " : "");
            if (ofDestinationToo || !isOfDestination(variable.text)) {
                names.append('$').append(variable.text).append(' ');
            }
        }
        return names.toString().strip();
    }

    /** Whether the variable has a value only when a request is sent to a destination. */
    static boolean isOfDestination(String name) {
        return name.startsWith(DS) && !isSenderSet(name);
    }

    static boolean isSenderSet(String name) {
        return name.equals(DS_IN_SET.text);
    }

    private static String ofDestination(RequestFacts facts, Function<Destination, String> value) {
        return facts.destination() == null ? null : emptyAsNull(value.apply(facts.destination()));
    }

    private static String scriptAttrs(RequestFacts facts, Destination destination) {
        SetView view = facts.sets().view(destination.setId());
        return view == null ? "" : view.scriptAttrs(destination);
    }

    /** The set as {@code set} of a rule takes it. */
    private static String set(SetId set) {
        if (set == null) {
            return null;
        }
        return set.partition().equals(SetId.DEFAULT_PARTITION) ? Integer.toString(set.number()) : set.toString();
    }

    private static SipUri uri(NameAddr address) {
        return address.uri();
    }

    private static String user(SipUri uri) {
        return uri == null ? null : emptyAsNull(uri.user());
    }

    private static String host(SipUri uri) {
        return uri == null ? null : emptyAsNull(uri.host());
    }

    private static String port(SipUri uri) {
        return Integer.toString(uri.port() == SipUri.NO_PORT ? uri.defaultPort() : uri.port());
    }

    private static String emptyAsNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
