package org.sipdispatch.manage;

import akka.http.javadsl.model.Uri;
import akka.http.scaladsl.model.IllegalUriException;
import akka.japi.Pair;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.operations.OperationException;

/** The query parameters of a request. An empty value counts as missing. */
final class QueryParameters {
    private final Map<String, String> values = new LinkedHashMap<>();

    /** Refuses parameters that are not in {@code known}, and repeated ones. */
    QueryParameters(Uri uri, List<String> known) {
        for (Pair<String, String> one : pairs(uri)) {
            if (!known.contains(one.first())) {
                throw OperationException.bad(
                        one.first(), one.second(), known.isEmpty() ? "no parameters here" : oneOf(known));
            }
            if (values.putIfAbsent(one.first(), one.second()) != null) {
                throw OperationException.bad(one.first(), one.second(), "once");
            }
        }
    }

    private static List<Pair<String, String>> pairs(Uri uri) {
        try {
            return uri.query().toList();
        } catch (IllegalUriException e) {
            throw OperationException.bad(
                    "query", uri.rawQueryString().orElse(""), "name=value&name=value, percent-encoded");
        }
    }

    /** The text; null if it is missing. */
    String text(String name) {
        String value = values.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    String text(String name, String otherwise) {
        String value = text(name);
        return value == null ? otherwise : value;
    }

    /** A number from 0; null if it is missing. */
    Integer integer(String name) {
        return text(name) == null ? null : (int) number(name, 0, Integer.MAX_VALUE, 0);
    }

    long number(String name, long least, long most, long otherwise) {
        String value = text(name);
        return value == null ? otherwise : number(name, value, least, most);
    }

    /** Parses a number. */
    static long number(String name, String value, long least, long most) {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw OperationException.bad(
                name, value, "a number from " + least + (most == Long.MAX_VALUE ? "" : " to " + most));
    }

    /** Parses {@code on} or {@code off}; off if it is missing. */
    boolean flag(String name) {
        String value = text(name, "off");
        if (!value.equals("on") && !value.equals("off")) {
            throw OperationException.bad(name, value, "on or off");
        }
        return value.equals("on");
    }

    /** A time in milliseconds since 1970; 0 if it is missing. */
    long moment(String name) {
        String value = text(name);
        if (value == null) {
            return 0;
        }
        try {
            return value.matches("\\d{1,18}")
                    ? Long.parseLong(value)
                    // The + of +01:00 arrives as a blank if the client did not encode it.
                    : OffsetDateTime.parse(value.replace(' ', '+')).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw OperationException.bad(
                    name, value, "a time such as 2026-11-23T08:00:00Z, or milliseconds since 1970");
        }
    }

    /** For error messages. */
    static String oneOf(Iterable<String> names) {
        return "one of " + String.join(", ", names);
    }
}
