package org.sipdispatch.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds two blocks side by side on one line of a configuration, which HOCON merges into one, also within a list. */
final class AdjacentBlockCheck {
    private static final Pattern QUOTED_OR_COMMENT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|(?:#|//).*");
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{[^}]*}");
    private static final Pattern ADJACENT = Pattern.compile("}[ \\t]*\\{");

    private AdjacentBlockCheck() {}

    static List<CheckFinding> of(Path file) {
        List<CheckFinding> found = new ArrayList<>();
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String bare = QUOTED_OR_COMMENT.matcher(lines.get(i)).replaceAll("x");
                // A block after a substitution is meant to be merged.
                if (ADJACENT.matcher(SUBSTITUTION.matcher(bare).replaceAll("x")).find()) {
                    found.add(CheckFinding.warning(
                            file.toString(),
                            i + 1,
                            "} {: two blocks that are merged into one (expected: a comma or a line break between"
                                    + " them)"));
                }
            }
        } catch (IOException e) {
            // A file that is not text in UTF-8 has no such lines, or was reported before.
        }
        return found;
    }
}
