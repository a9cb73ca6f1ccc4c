package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** Prints a JSON object, one line for each property. */
final class PropertyPrinter {
    private static final int WIDTH = 14;

    private PropertyPrinter() {}

    /** Prints all properties, nested objects indented; empty values are left out. */
    static void print(PrintWriter out, JsonNode thing, long nowMs) {
        thing.properties().forEach(field -> printProperty(out, "", field.getKey(), field.getValue(), nowMs));
    }

    private static void printProperty(PrintWriter out, String indent, String name, JsonNode value, long nowMs) {
        if (value.isObject()) {
            out.println(indent + TerminalFormat.withoutControls(name) + ":");
            value.properties()
                    .forEach(field -> printProperty(out, indent + "  ", field.getKey(), field.getValue(), nowMs));
        } else if (value.isArray() && !value.isEmpty() && value.get(0).isObject()) {
            for (JsonNode one : value) {
                printProperty(out, indent, name, one, nowMs);
            }
        } else if (!TerminalFormat.text(value).isEmpty() && !(name.endsWith("AtMs") && value.asLong() <= 0)) {
            boolean isTime = name.endsWith("Ms") && value.asLong() > 1_000_000_000_000L;
            String shown = isTime ? ago(value.asLong(), nowMs) : TerminalFormat.text(value);
            String label = isTime ? name.substring(0, name.length() - 2) : name;
            out.println(indent + pad(TerminalFormat.withoutControls(label)) + " " + shown);
        }
    }

    private static String ago(long thenMs, long nowMs) {
        return thenMs > nowMs
                ? "in " + TerminalFormat.age(thenMs, nowMs)
                : TerminalFormat.time(thenMs) + ", " + TerminalFormat.age(nowMs, thenMs) + " ago";
    }

    private static String pad(String label) {
        return label.length() >= WIDTH ? label : label + " ".repeat(WIDTH - label.length());
    }
}
