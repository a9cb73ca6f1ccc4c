package org.sipdispatch.routing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

/**
 * Text with pseudo-variables, {@code "$fU@$ci"}: a variable is {@code $name}, {@code $(name)} or {@code $hdr(Name)};
 * {@code $$} is a dollar sign. A variable without a value expands to {@code <null>}, as in OpenSIPS.
 */
public final class Template {
    private static final String NULL = "<null>";

    private final String source;
    private final List<PseudoVariable.Getter> parts;
    private final Set<String> variables;

    private Template(String source, List<PseudoVariable.Getter> parts, Set<String> variables) {
        this.source = source;
        this.parts = List.copyOf(parts);
        this.variables = Set.copyOf(variables);
    }

    /**
     * Parses a template.
     *
     * @param key the key of the setting, for the error
     * @throws SettingException if it contains an unknown variable
     */
    public static Template parse(String key, String source) {
        return parse(key, source, false);
    }

    private static Template parse(String key, String source, boolean ofAttempt) {
        List<PseudoVariable.Getter> parts = new ArrayList<>();
        Set<String> variables = new HashSet<>();
        int at = 0;
        while (at < source.length()) {
            int dollar = source.indexOf('$', at);
            if (dollar < 0) {
                dollar = source.length();
            }
            if (dollar > at) {
                parts.add(literal(source.substring(at, dollar)));
            }
            at = dollar;
            if (source.startsWith("$$", at)) {
                parts.add(literal("$"));
                at += 2;
            } else if (at < source.length()) {
                int end = nameEnd(source, at + 1);
                String name = name(source.substring(at + 1, end));
                parts.add(variable(key, source, name, ofAttempt));
                variables.add(name);
                at = end;
            }
        }
        return new Template(source, parts, variables);
    }

    /**
     * Reads the template of a setting that is evaluated before the selection. If it is invalid and errors are being
     * collected, returns the text as a constant.
     */
    static Template from(Section section, String key, String source) {
        return section.attempt(literally(source), () -> {
            Template template = parse(section.path(key), source);
            if (template.variables.stream().anyMatch(PseudoVariable::isOfDestination)) {
                throw new SettingException(
                        section.path(key), source, "no variable of the destination, which is selected later");
            }
            return template;
        });
    }

    /** The same for a setting that is evaluated when a request is sent to a destination. */
    static Template ofAttempt(Section section, String key, String source) {
        return section.attempt(literally(source), () -> parse(section.path(key), source, true));
    }

    private static Template literally(String source) {
        return new Template(source, List.of(literal(source)), Set.of());
    }

    private static PseudoVariable.Getter literal(String text) {
        return facts -> text;
    }

    private static PseudoVariable.Getter variable(String key, String source, String name, boolean ofAttempt) {
        PseudoVariable.Getter getter = PseudoVariable.of(name);
        if (getter == null) {
            throw new SettingException(key, source, "pseudo-variables among " + PseudoVariable.names(ofAttempt));
        }
        return getter;
    }

    private static String name(String written) {
        boolean bracketed = written.startsWith("(") && written.endsWith(")");
        return bracketed ? written.substring(1, written.length() - 1) : written;
    }

    /** The position after the variable's name at {@code start}, brackets included. */
    private static int nameEnd(String source, int start) {
        int at = start;
        while (at < source.length() && Character.isLetter(source.charAt(at)) && at - start < 3) {
            at++;
            if (PseudoVariable.of(source.substring(start, at)) != null) {
                return at;
            }
        }
        if (at < source.length() && source.charAt(at) == '(') {
            int depth = 0;
            do {
                depth += source.charAt(at) == '(' ? 1 : source.charAt(at) == ')' ? -1 : 0;
                at++;
            } while (at < source.length() && depth > 0);
        }
        return at;
    }

    /** Whether the template expands to the same text for every request. */
    public boolean isConstant() {
        return variables.isEmpty();
    }

    boolean usesSenderSet() {
        return variables.stream().anyMatch(PseudoVariable::isSenderSet);
    }

    public String expand(RequestFacts facts) {
        StringBuilder text = new StringBuilder();
        for (PseudoVariable.Getter part : parts) {
            String value = part.get(facts);
            text.append(value == null ? NULL : value);
        }
        return text.toString();
    }

    /** Like {@link #expand}; null if a variable has no value. */
    String expandOrNull(RequestFacts facts) {
        StringBuilder text = new StringBuilder();
        for (PseudoVariable.Getter part : parts) {
            String value = part.get(facts);
            if (value == null) {
                return null;
            }
            text.append(value);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return source;
    }
}
