package org.sipdispatch.routing;

import java.util.ArrayList;
import java.util.List;
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
    private final boolean constant;

    private Template(String source, List<PseudoVariable.Getter> parts, boolean constant) {
        this.source = source;
        this.parts = List.copyOf(parts);
        this.constant = constant;
    }

    /**
     * Parses a template.
     *
     * @param key the key of the setting, for the error
     * @throws SettingException if it contains an unknown variable
     */
    public static Template parse(String key, String source) {
        List<PseudoVariable.Getter> parts = new ArrayList<>();
        boolean constant = true;
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
                parts.add(variable(key, source, at + 1, end));
                constant = false;
                at = end;
            }
        }
        return new Template(source, parts, constant);
    }

    /**
     * Reads the template of a setting. If it is invalid and errors are being collected, returns the text as a constant.
     */
    static Template from(Section section, String key, String source) {
        return section.attempt(
                new Template(source, List.of(literal(source)), true), () -> parse(section.path(key), source));
    }

    private static PseudoVariable.Getter literal(String text) {
        return facts -> text;
    }

    private static PseudoVariable.Getter variable(String key, String source, int start, int end) {
        String name = source.substring(start, end);
        boolean bracketed = name.startsWith("(") && name.endsWith(")");
        PseudoVariable.Getter getter = PseudoVariable.of(bracketed ? name.substring(1, name.length() - 1) : name);
        if (getter == null) {
            throw new SettingException(
                    key,
                    source,
                    "pseudo-variables among $ci $fu $fU $fd $tu $tU $td $ru $rU $rd $rp $rm $si $sp $au $ua $hdr(name)");
        }
        return getter;
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
        return constant;
    }

    /** Like {@link #expand}; null if a variable has no value. */
    public String expandComplete(RequestFacts facts) {
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

    public String expand(RequestFacts facts) {
        StringBuilder text = new StringBuilder();
        for (PseudoVariable.Getter part : parts) {
            String value = part.get(facts);
            text.append(value == null ? NULL : value);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return source;
    }
}
