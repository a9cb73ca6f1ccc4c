package org.sipdispatch.cli;

import java.util.Map;
import org.sipdispatch.settings.SettingException;
import picocli.CommandLine.Option;

/** An order that may be repeated safely with the same key. */
abstract class RepeatableOrderCommand extends OrderCommand {
    private static final String FORM = "[\\x21-\\x7e]{1,64}";

    @Option(
            names = "--order-key",
            paramLabel = "KEY",
            description = "your own name for the order: repeated with the same key, to any node, it is executed once")
    private String key;

    @Override
    Map<String, String> headers(int place) {
        if (key == null) {
            return Map.of();
        } else if (!key.matches(FORM)) {
            throw new SettingException("--order-key", key, "1 to 64 printable ASCII characters, no blanks");
        }
        // A key identifies one order to one destination.
        return Map.of("Idempotency-Key", place == 0 ? key : key + "," + (place + 1));
    }
}
