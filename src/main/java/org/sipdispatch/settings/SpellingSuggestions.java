package org.sipdispatch.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Suggestions for a misspelt word: words that differ by a few wrong, missing, additional or transposed letters. For an
 * abbreviation such as {@code ls}, words that begin with its first letter and have the others in that order.
 */
public final class SpellingSuggestions {
    private static final int MAX_SUGGESTIONS = 3;
    /** One letter of this many may be wrong, and one in a shorter word. */
    private static final int LETTERS_PER_ERROR = 3;

    /** Only so short a word is taken for an abbreviation. */
    private static final int LONGEST_ABBREVIATION = 3;

    private SpellingSuggestions() {}

    /** Up to three similar words, the most similar first. A word that begins with the written one is the most similar. */
    public static List<String> similar(String written, Collection<String> words) {
        return similar(written, words, true);
    }

    /** Up to three words of which the written one is a misspelling, the most similar first. A beginning of one is none. */
    public static List<String> meant(String written, Collection<String> words) {
        return similar(written, words, false);
    }

    private static List<String> similar(String written, Collection<String> words, boolean byBeginning) {
        String lower = written.toLowerCase(Locale.ROOT);
        Map<String, Integer> found = new TreeMap<>();
        for (String word : words) {
            int apart = distance(lower, word.toLowerCase(Locale.ROOT));
            boolean begun = byBeginning
                    && lower.length() >= LETTERS_PER_ERROR
                    && word.toLowerCase(Locale.ROOT).startsWith(lower);
            if (begun || apart <= Math.max(1, Math.min(lower.length(), word.length()) / LETTERS_PER_ERROR)) {
                found.put(word, begun ? 0 : apart);
            }
        }
        return found.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .limit(MAX_SUGGESTIONS)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** {@code ; did you mean list or listen?}; empty if no word is similar. */
    public static String hint(String written, Collection<String> words) {
        List<String> alike = similar(written, words);
        if (alike.isEmpty()) {
            alike = words.stream()
                    .filter(word -> isAbbreviation(written, word))
                    .sorted()
                    .limit(MAX_SUGGESTIONS)
                    .toList();
        }
        return alike.isEmpty() ? "" : "; did you mean " + String.join(" or ", alike) + "?";
    }

    private static boolean isAbbreviation(String written, String word) {
        if (written.length() < 2
                || written.length() > LONGEST_ABBREVIATION
                || word.isEmpty()
                || written.charAt(0) != word.charAt(0)) {
            return false;
        }
        int found = 0;
        for (int i = 0; i < word.length() && found < written.length(); i++) {
            if (word.charAt(i) == written.charAt(found)) {
                found++;
            }
        }
        return found == written.length();
    }

    /** Optimal string alignment distance: how many letters differ, two transposed neighbours counting as one. */
    private static int distance(String left, String right) {
        int[][] apart = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int k = 0; k <= right.length(); k++) {
                if (i == 0 || k == 0) {
                    apart[i][k] = i + k;
                    continue;
                }
                boolean same = left.charAt(i - 1) == right.charAt(k - 1);
                int least = Math.min(apart[i - 1][k] + 1, apart[i][k - 1] + 1);
                least = Math.min(least, apart[i - 1][k - 1] + (same ? 0 : 1));
                if (i > 1
                        && k > 1
                        && left.charAt(i - 1) == right.charAt(k - 2)
                        && left.charAt(i - 2) == right.charAt(k - 1)) {
                    least = Math.min(least, apart[i - 2][k - 2] + 1);
                }
                apart[i][k] = least;
            }
        }
        return apart[left.length()][right.length()];
    }
}
