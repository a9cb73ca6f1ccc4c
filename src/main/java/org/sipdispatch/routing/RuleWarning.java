package org.sipdispatch.routing;

/**
 * A setting of the rules that is valid but probably a mistake.
 *
 * @param path the path of the setting
 * @param message one line that begins with the path
 */
public record RuleWarning(String path, String message) {
    RuleWarning(String path, Object value, String expected) {
        this(path, path + ": " + value + " (expected: " + expected + ")");
    }
}
