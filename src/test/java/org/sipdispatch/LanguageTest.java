package org.sipdispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Comments and pages use plain English and the terms of SIP, OpenSIPS and Akka. */
class LanguageTest {
    /** @param instead a replacement, for the message */
    private record Banned(Pattern pattern, String instead) {
        static Banned of(String regex, String instead) {
            return new Banned(Pattern.compile("(?i)(?<![\\w-])(?:" + regex + ")(?![\\w-])"), instead);
        }
    }

    private static final List<Banned> BANNED = List.of(
            Banned.of("whoever|whomever|whosoever", "the client, the caller, the node"),
            Banned.of("whatever", "any, every, regardless of"),
            Banned.of("anew", "again"),
            Banned.of("lest|thereof|therein|hitherto|hereafter", "plain words"),
            Banned.of("for want of", "without, because there is no"),
            Banned.of("he|she|him|his", "the client, the operator, the node"),
            Banned.of("rooms?|houses?|rivers?", "package, data path, control path; space, capacity"),
            Banned.of("doors?", "interface"),
            Banned.of("fates?|glances?|chroniclers?|ledgers?|vantages?", "the term of the field"),
            Banned.of("(?:this|that|its|a|former|new|second|first|each|the node's) life", "session, membership"),
            Banned.of("(?:last|newest|older|operator's|stale|final) word", "status, order"),
            Banned.of("spoken|speaks? of", "changed, reported"),
            Banned.of("lets? in whom|those who|somebody|someone who|anybody who|him who|who knows", "a noun"),
            Banned.of("not known to anybody|nobody knows", "unknown"),
            Banned.of("such a one|as it were|so to speak", "a noun"));

    /** String and character literals, which are skipped, or a comment, which is the group. */
    private static final Pattern COMMENT = Pattern.compile(
            "\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\])+'|(//[^\\n]*|/\\*[\\s\\S]*?\\*/)");

    /** Quotes of the program's output, which the tests of the output check. */
    private static final Pattern QUOTE = Pattern.compile("`[^`\\n]+`");

    /** The text of a file: a whole page without quotes, or the comments of a source. */
    record Text(Path file, String text) {
        @Override
        public String toString() {
            return file.toString();
        }
    }

    static Stream<Text> texts() throws IOException {
        List<Text> texts = new ArrayList<>();
        for (Path file : files("src/main/java", ".java")) {
            texts.add(new Text(file, comments(Files.readString(file))));
        }
        for (Path file : files("src/site/markdown", ".md")) {
            texts.add(new Text(file, withoutQuotes(Files.readString(file))));
        }
        Path readme = Path.of("README.md");
        texts.add(new Text(readme, withoutQuotes(Files.readString(readme))));
        Path reference = Path.of("src/main/resources/reference.conf");
        texts.add(new Text(reference, Files.readString(reference)));
        return texts.stream();
    }

    private static List<Path> files(String folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(Path.of(folder))) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    private static String withoutQuotes(String page) {
        return QUOTE.matcher(page).replaceAll("");
    }

    /** Replaces the code by blanks and keeps the line breaks, so that line numbers stay right. */
    private static String comments(String source) {
        StringBuilder comments = new StringBuilder(source);
        int end = 0;
        for (Matcher found = COMMENT.matcher(source); found.find(); ) {
            if (found.group(1) != null) {
                blank(comments, end, found.start());
                end = found.end();
            }
        }
        blank(comments, end, source.length());
        return comments.toString();
    }

    private static void blank(StringBuilder text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) != '\n') {
                text.setCharAt(i, ' ');
            }
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aTextUsesNoBannedWord(Text text) {
        List<String> found = new ArrayList<>();
        for (Banned banned : BANNED) {
            for (MatchResult hit :
                    banned.pattern().matcher(text.text()).results().toList()) {
                long line = 1
                        + text.text()
                                .substring(0, hit.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                found.add("line " + line + ": \"" + hit.group() + "\" (expected: " + banned.instead() + ")");
            }
        }

        assertThat(found).isEmpty();
    }
}
