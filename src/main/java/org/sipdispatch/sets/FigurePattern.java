package org.sipdispatch.sets;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code pvar_algo_pattern}: the figure of each destination that algorithm 9 compares. {@code $stat(in_flight:%u)} is
 * one that this node measures, {@code $figure(load:%u)} one that is pushed to it. {@code %u} stands for the destination's
 * URI, {@code %i} in the name of a pushed figure for the number of its set.
 *
 * @param text as written
 * @param measured the measured figure; null for a pushed one
 * @param name the name of a pushed figure; null for a measured one
 */
public record FigurePattern(String text, MeasuredFigure measured, String name) {
    /** The valid patterns, for errors. */
    public static final String FORM = "$stat(NAME:%u) with one of " + MeasuredFigure.names()
            + ", or $figure(NAME:%u) with a name of letters, digits, _ . - and %i";

    private static final Pattern SYNTAX = Pattern.compile("\\$(stat|figure)\\(([^:()]+):%u\\)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final String SET_MARKER = "%i";

    /** Parses a pattern; null if it is invalid. */
    public static FigurePattern parse(String text) {
        Matcher parts = SYNTAX.matcher(text.strip());
        if (!parts.matches()) {
            return null;
        }
        String name = parts.group(2);
        if (parts.group(1).equals("stat")) {
            MeasuredFigure measured = MeasuredFigure.of(name);
            return measured == null ? null : new FigurePattern(text.strip(), measured, null);
        }
        return isName(name.replace(SET_MARKER, "0")) ? new FigurePattern(text.strip(), null, name) : null;
    }

    /** Whether a pushed figure may have this name. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The name of the pushed figure that has the destination's value. */
    public String nameFor(Destination destination) {
        return name.replace(SET_MARKER, Integer.toString(destination.set()));
    }
}
