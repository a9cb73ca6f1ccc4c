package org.sipdispatch.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.sipdispatch.settings.Section;

/** The header fields that a rule sets in the requests that it forwards, with values that depend on the destination. */
public final class RuleHeaders {
    static final RuleHeaders NONE = new RuleHeaders(List.of());

    private static final int MOST = 32;
    private static final String NAME_FORM =
            "a header field without a function in SIP and without a compact form, such as X-Attrs";
    /** The fields that route a message, belong to its transaction, dialog or body, or have a compact form. */
    private static final Set<String> RESERVED = Set.of(
            ("via from to call-id cseq max-forwards route record-route contact path service-route require proxy-require"
                            + " supported content-length content-type content-encoding content-disposition"
                            + " content-language mime-version subject event refer-to referred-by session-expires min-se"
                            + " allow-events accept-contact reject-contact request-disposition identity identity-info"
                            + " authorization proxy-authorization replaces join rack rseq expires")
                    .split(" "));

    /**
     * One header field of a request.
     *
     * @param lowerCaseName the same name, to compare with
     * @param value null if the request gets no field of this name
     */
    public record Field(String name, String lowerCaseName, String value) {}

    private record Line(String name, String lowerCaseName, Template value) {}

    private final List<Line> lines;

    private RuleHeaders(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /** Reads a block of names and values. */
    static RuleHeaders from(Section block) {
        List<Line> lines = new ArrayList<>();
        for (String name : block.keys()) {
            String value = block.text(name);
            String lowerCase = name.toLowerCase(Locale.ROOT);
            if (!name.matches("[A-Za-z0-9.!%*_+`'~-]{2,}") || RESERVED.contains(lowerCase)) {
                block.refuse(name, name, NAME_FORM);
            } else if (!cleaned(value).equals(value)) {
                block.refuse(name, cleaned(value), "a value on one line, without control characters");
            } else {
                lines.add(new Line(name, lowerCase, Template.ofAttempt(block, name, value)));
            }
        }
        if (lines.size() > MOST) {
            block.refuse("", lines.size() + " header fields", MOST + " at most");
        }
        return new RuleHeaders(lines);
    }

    public boolean isEmpty() {
        return lines.isEmpty();
    }

    boolean usesSenderSet() {
        return lines.stream().anyMatch(line -> line.value.usesSenderSet());
    }

    /** The fields of one attempt. The value of a field is null if a variable in its text has no value. */
    List<Field> of(RequestFacts facts) {
        List<Field> fields = new ArrayList<>(lines.size());
        for (Line line : lines) {
            String value = line.value.expandOrNull(facts);
            fields.add(new Field(line.name, line.lowerCaseName, value == null ? null : cleaned(value)));
        }
        return fields;
    }

    /** Control characters become blanks: a value must not begin another header field. */
    private static String cleaned(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                return value.replaceAll("\\p{Cntrl}|[\\x80-\\x9f]", " ");
            }
        }
        return value;
    }
}
