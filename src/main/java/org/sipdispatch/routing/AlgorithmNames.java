package org.sipdispatch.routing;

import java.util.List;
import java.util.stream.Stream;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.settings.SpellingSuggestions;

/** Whose numbers {@code alg} has. Names are the same for both. */
enum AlgorithmNames {
    OPENSIPS("0 to 10, route:NAME, or a name such as smooth-round-robin, rendezvous or best-of, one for all sets or one"
            + " for each"),
    KAMAILIO("0 to 15, route:NAME, or a name such as smooth-round-robin, rendezvous or best-of, one for"
            + " all sets or one for each");

    private static final String KEY = "numbers";
    /** Kamailio's algorithms up to this one ignore weights. */
    private static final int LAST_WITHOUT_WEIGHTS = 7;

    private final String form;

    AlgorithmNames(String form) {
        this.form = form;
    }

    static AlgorithmNames from(Section select) {
        if (!select.has(KEY)) {
            return OPENSIPS;
        }
        AlgorithmNames written = select.choice(KEY, AlgorithmNames.class);
        // No second error after a misspelling: Kamailio has all the numbers that OpenSIPS has, and more.
        return select.isInvalid(KEY) ? KAMAILIO : written;
    }

    /** The valid values of {@code alg}, for errors. */
    String form() {
        return form;
    }

    /**
     * The algorithm with this number or name.
     *
     * @param key the key, for the error
     */
    Algorithm algorithm(String key, String text) {
        Algorithm algorithm = RankingSettings.isRoute(text)
                ? Algorithm.ROUTE
                : isKamailios(text) ? Algorithm.ofKamailio(Integer.parseInt(text.strip())) : Algorithm.of(text);
        if (algorithm == null) {
            List<String> names =
                    Stream.of(Algorithm.values()).map(Algorithm::text).toList();
            throw new SettingException(key, text, form + SpellingSuggestions.hint(text, names));
        }
        return algorithm;
    }

    /** Whether all weights count as 1 with this number or name. */
    boolean ignoresWeights(String text) {
        return isKamailios(text) && Integer.parseInt(text.strip()) <= LAST_WITHOUT_WEIGHTS;
    }

    private boolean isKamailios(String text) {
        return this == KAMAILIO && text.strip().matches("\\d{1,3}");
    }
}
