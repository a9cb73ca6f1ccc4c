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

/** Comments, pages and all texts for operators use plain English and the terms of SIP, OpenSIPS and Akka. */
class LanguageTest {
    /** @param instead a replacement, for the message */
    private record Banned(Pattern pattern, String instead) {
        static Banned of(String regex, String instead) {
            String words = regex.replace(" ", "\\s+");
            return new Banned(Pattern.compile("(?i)(?<![\\w-])(?:" + words + ")(?![\\w-])"), instead);
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

    /** Also banned in texts for operators, where one concept has one wording. */
    private static final List<Banned> BANNED_IN_MESSAGES = List.of(
            Banned.of("(?:go|goes|going|went) on", "continues, dispatches, is active"),
            Banned.of("(?:carry|carries|carried) out", "executed"),
            Banned.of("not known (?:here )?whether", "unknown outcome"),
            Banned.of("joins? again|joining again", "rejoins the cluster"),
            Banned.of("(?:take|takes|taken|took) (?:(?:it|this node) )?out(?! of (?:traffic|rotation))", "removed"),
            Banned.of("counts? (?:this (?:one|node) )?in", "lists as a member"),
            Banned.of("stood still|stands? still", "was paused"),
            Banned.of("to found|founds|founded|founding", "forms the cluster"),
            Banned.of("nobody|somebody|anybody|heard of", "a noun"),
            Banned.of("what (?:is|was) known|what (?:it|this node|this one) knows", "the last known states"),
            Banned.of("lives", "exists"),
            Banned.of("written down", "in a table or list"));

    private static final List<Banned> BANNED_FOR_OPERATORS =
            Stream.of(BANNED, BANNED_IN_MESSAGES).flatMap(List::stream).toList();

    /** A string literal, a character literal, which is skipped, or a comment. */
    private static final Pattern PART =
            Pattern.compile("(?<text>\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\")|'(?:\\\\.|[^'\\\\])+'"
                    + "|(?<comment>//[^\\n]*|/\\*[\\s\\S]*?\\*/)");

    /** The code between two parts of one text. */
    private static final Pattern CONCATENATION = Pattern.compile("\\s*\\+\\s*");

    /** Quotes of the program's output, which the tests of the output check. */
    private static final Pattern QUOTE = Pattern.compile("`[^`\\n]+`");

    /**
     * The text of a file: a whole page without quotes, or the comments or string literals of a source.
     *
     * @param forOperators whether the program shows it
     */
    record Text(Path file, String text, boolean forOperators) {
        @Override
        public String toString() {
            return file + (forOperators ? ", messages" : "");
        }
    }

    static Stream<Text> texts() throws IOException {
        List<Text> texts = new ArrayList<>();
        for (Path file : files("src/main/java", ".java")) {
            String source = Files.readString(file);
            texts.add(new Text(file, comments(source), false));
            texts.add(new Text(file, messages(source), true));
        }
        for (Path file : files("src/bench/java", ".java")) {
            texts.add(new Text(file, comments(Files.readString(file)), false));
        }
        for (Path file : files("src/site/markdown", ".md")) {
            texts.add(new Text(file, withoutQuotes(Files.readString(file)), false));
        }
        Path readme = Path.of("README.md");
        texts.add(new Text(readme, withoutQuotes(Files.readString(readme)), false));
        for (String ending : List.of(".conf", ".html", ".js", ".json")) {
            for (Path file : files("src/main/resources", ending)) {
                texts.add(new Text(file, Files.readString(file), true));
            }
        }
        for (Path file : files("conf", "")) {
            texts.add(new Text(file, Files.readString(file), true));
        }
        return texts.stream();
    }

    private static List<Path> files(String folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(Path.of(folder))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static String withoutQuotes(String page) {
        return QUOTE.matcher(page).replaceAll("");
    }

    /** The comments, with the line breaks of the code between them, so that line numbers stay right. */
    private static String comments(String source) {
        StringBuilder comments = new StringBuilder();
        int end = 0;
        for (Matcher found = PART.matcher(source); found.find(); ) {
            if (found.group("comment") != null) {
                comments.append(lineBreaks(source, end, found.start())).append(found.group());
                end = found.end();
            }
        }
        return comments.append(lineBreaks(source, end, source.length())).toString();
    }

    /**
     * The string literals, line by line as in the source; a bar separates two texts. Literals without a blank are keys,
     * names and identifiers, unless they are part of a longer text.
     */
    private static String messages(String source) {
        StringBuilder messages = new StringBuilder();
        int end = 0;
        for (Matcher found = PART.matcher(source); found.find(); ) {
            String text = found.group("text");
            if (text == null) {
                continue;
            }
            boolean continues = end > 0
                    && CONCATENATION
                            .matcher(source.substring(end + 1, found.start()))
                            .matches();
            if (continues || text.indexOf(' ') >= 0) {
                messages.append(lineBreaks(source, end, found.start()))
                        .append(continues ? "" : "|")
                        .append(text, 1, text.length() - 1);
                end = found.end() - 1;
            }
        }
        return messages.append(lineBreaks(source, end, source.length())).toString();
    }

    /** A blank, and the line breaks of that part of the source. */
    private static String lineBreaks(String source, int from, int to) {
        return " " + source.substring(from, to).replaceAll("[^\n]", "");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aTextUsesNoBannedWord(Text text) {
        List<String> found = new ArrayList<>();
        for (Banned banned : text.forOperators() ? BANNED_FOR_OPERATORS : BANNED) {
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
