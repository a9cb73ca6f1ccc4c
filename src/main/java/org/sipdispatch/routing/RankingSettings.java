package org.sipdispatch.routing;

import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.FigurePattern;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.spi.AlgoRoute;

/**
 * The settings of algorithms 9 and 10.
 *
 * @param figure {@code pvar_algo_pattern}; null for none
 * @param route {@code algo_route}; null for none
 */
record RankingSettings(FigurePattern figure, AlgoRoute route) {
    private static final String PATTERN = "pvar_algo_pattern";
    private static final String ROUTE = "algo_route";
    /** Prefix of an extension's algorithm in {@code alg}. */
    private static final String ROUTE_PREFIX = "route:";

    static final RankingSettings NONE = new RankingSettings(null, null);

    /** Reads the keys of a section; {@code defaults} apply to those that it does not have. */
    static RankingSettings from(Section section, RankingSettings defaults) {
        FigurePattern figure = section.has(PATTERN)
                ? section.attempt(null, () -> figure(section.path(PATTERN), section.text(PATTERN)))
                : defaults.figure;
        AlgoRoute route = section.has(ROUTE)
                ? section.attempt(null, () -> route(section.path(ROUTE), section.text(ROUTE)))
                : defaults.route;
        return new RankingSettings(figure, route);
    }

    private static FigurePattern figure(String key, String text) {
        FigurePattern figure = FigurePattern.parse(text);
        if (figure == null && !text.isBlank()) {
            throw new SettingException(key, text, FigurePattern.FORM);
        }
        return figure;
    }

    private static AlgoRoute route(String key, String name) {
        return name.isBlank() ? null : AlgoRoutes.installed().named(key, name.strip());
    }

    /** Whether an item of {@code alg} names an extension's algorithm. */
    static boolean isRoute(String item) {
        return item.strip().startsWith(ROUTE_PREFIX);
    }

    /**
     * The plan for an item of {@code alg}; null for an algorithm that does not rank, and for 9 without a pattern.
     *
     * @param key the key of {@code alg}, for errors
     */
    RankingPlan plan(String key, String item, Algorithm algorithm) {
        if (algorithm == Algorithm.FIGURE) {
            return figure == null ? null : new RankingPlan(figure, null);
        } else if (algorithm != Algorithm.ROUTE) {
            return null;
        } else if (isRoute(item)) {
            String name = item.strip().substring(ROUTE_PREFIX.length());
            return new RankingPlan(null, AlgoRoutes.installed().named(key, name));
        } else if (route == null) {
            throw new SettingException(key, item.strip(), "algo_route to be set, because algorithm 10 calls it");
        }
        return new RankingPlan(null, route);
    }
}
