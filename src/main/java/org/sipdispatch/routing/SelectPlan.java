package org.sipdispatch.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

/**
 * The arguments of {@code ds_select_dst}: sets, algorithms, flags, the maximum number of results, and the text that
 * algorithm 7 hashes. Evaluated once if they contain no pseudo-variables, otherwise for each request.
 */
public final class SelectPlan {
    private static final String SET_FORM = "[partition:]set[,set...] with set numbers from 0 to 2147483647";
    private static final String FLAGS_FORM =
            "letters of F U D S, each once, and M with a number from 1, one item for all sets or one for each";

    private static final String RESOURCES = "resources";
    private static final String RESOURCE = "[A-Za-z][\\w.-]*";
    private static final String RESOURCES_FORM = "names of attributes with capacities, such as pstn";

    private final Template sets;
    private final Template algorithms;
    private final Template flags;
    private final int maxResults;
    private final Template hashText;
    private final RankingSettings rankings;
    private final SetListParser lists;
    private final List<String> resources;
    private final AlgorithmNames names;
    private final boolean allowsParallel;
    private final String path;
    private final List<SetChoice> constant;
    private final List<SetId> constantSets;

    private SelectPlan(
            Section select,
            Template sets,
            Template algorithms,
            Template flags,
            int maxResults,
            Template hashText,
            RankingSettings rankings,
            SetListParser lists,
            boolean allowsParallel) {
        this.lists = lists;
        this.allowsParallel = allowsParallel;
        resources = resources(select);
        this.path = select.path();
        this.names = AlgorithmNames.from(select);
        this.sets = sets;
        this.algorithms = algorithms;
        this.flags = flags;
        this.maxResults = maxResults;
        this.hashText = hashText;
        this.rankings = rankings;
        boolean fixed = sets.isConstant() && algorithms.isConstant() && flags.isConstant();
        constant = fixed
                ? select.attempt(null, () -> choices(sets.toString(), algorithms.toString(), flags.toString()))
                : null;
        // Also known if an algorithm or a flag is invalid.
        constantSets = sets.isConstant() ? select.attempt(List.of(), () -> sets(sets.toString())) : List.of();
        if (fixed) {
            // Evaluating the choices reports only the first problem; check all algorithms and flags.
            select.check(() -> items(algorithms.toString()).forEach(item -> ranking(item, algorithm(item))));
            select.check(() -> items(flags.toString()).forEach(this::flags));
        }
    }

    private static List<String> items(String list) {
        return List.of(list.split(",", SetListParser.MOST + 1));
    }

    /**
     * Reads a rule's {@code select} block.
     *
     * @param hashPvar the default for its own {@code hash_pvar}; null for none
     * @param rankings the defaults for its own {@code pvar_algo_pattern} and {@code algo_route}
     * @param lists parses its sets
     * @param allowsParallel whether a request may go to several destinations at once
     */
    static SelectPlan from(
            Section select, Template hashPvar, RankingSettings rankings, SetListParser lists, boolean allowsParallel) {
        Template own = select.has("hash_pvar") ? template(select, "hash_pvar", null) : hashPvar;
        SelectPlan plan = new SelectPlan(
                select,
                template(select, "set", null),
                template(select, "alg", "0"),
                template(select, "flags", ""),
                select.has("max_results") ? select.integer("max_results", 1, 1000) : SelectFlags.NO_LIMIT,
                own,
                RankingSettings.from(select, rankings),
                lists,
                allowsParallel);
        select.check(plan::checkHashText);
        return plan;
    }

    /** Also as OpenSIPS writes it, {@code "pstn;transc"}. */
    private static List<String> resources(Section select) {
        List<String> resources = new ArrayList<>();
        if (select.has(RESOURCES)) {
            select.textsByPath(RESOURCES).forEach((path, text) -> {
                for (String name : text.split(";")) {
                    if (!name.strip().matches(RESOURCE)) {
                        select.check(() -> {
                            throw new SettingException(path, text, RESOURCES_FORM);
                        });
                    } else if (!resources.contains(name.strip())) {
                        resources.add(name.strip());
                    }
                }
            });
        }
        return List.copyOf(resources);
    }

    /** The resources of which each call needs one; empty for none. */
    public List<String> resources() {
        return resources;
    }

    private static Template template(Section select, String key, String otherwise) {
        String text = otherwise == null ? select.text(key) : select.textOr(key, otherwise);
        return Template.from(select, key, text);
    }

    private void checkHashText() {
        for (SetChoice choice : constant == null ? List.<SetChoice>of() : constant) {
            if (choice.algorithm() == Algorithm.HASH_PVAR && hashText == null) {
                throw new SettingException(
                        path + ".alg", algorithms, "hash_pvar to be set, because algorithm 7 hashes it");
            }
        }
    }

    /** The choices if they are the same for every request; otherwise empty. */
    public List<SetChoice> constantChoices() {
        return constant == null ? List.of() : constant;
    }

    /** The sets if they are the same for every request; otherwise empty. */
    public List<SetId> constantSets() {
        return constantSets;
    }

    boolean usesSenderSet() {
        return Stream.of(sets, algorithms, flags, hashText)
                .anyMatch(template -> template != null && template.usesSenderSet());
    }

    /** Whether a failover list of any set is requested, or may be. */
    boolean mayFailOver() {
        return constant == null
                || constant.stream().anyMatch(choice -> choice.flags().failover());
    }

    /** The expanded text that algorithm 7 hashes; null if there is none. */
    public String hashText(RequestFacts facts) {
        return hashText == null ? null : hashText.expand(facts);
    }

    /**
     * The sets to choose from for a request.
     *
     * @throws SettingException if the pseudo-variables expand to an invalid value
     */
    public List<SetChoice> choices(RequestFacts facts) {
        return constant != null ? constant : choices(sets.expand(facts), algorithms.expand(facts), flags.expand(facts));
    }

    /**
     * Whether a request goes to all selected destinations at once.
     *
     * @throws SettingException if the pseudo-variables expand to an invalid value
     */
    public boolean isParallel(RequestFacts facts) {
        return choices(facts).get(0).isParallel();
    }

    /** Whether each request goes to all selected destinations at once. */
    boolean isParallel() {
        return constant != null && constant.get(0).isParallel();
    }

    private List<SetChoice> choices(String setList, String algorithmList, String flagList) {
        List<SetId> ids = sets(setList);
        String[] algorithmItems = algorithmList.split(",", SetListParser.MOST + 1);
        String[] flagItems = flagList.split(",", SetListParser.MOST + 1);
        checkLength("alg", algorithmList, algorithmItems.length, ids.size(), names.form());
        checkLength("flags", flagList, flagItems.length, ids.size(), FLAGS_FORM);
        List<SetChoice> choices = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            String item = item(algorithmItems, i);
            Algorithm algorithm = algorithm(item);
            SelectFlags limited = flags(item(flagItems, i)).limitedTo(maxResults);
            SelectFlags all = names.ignoresWeights(item) ? limited.withoutWeights() : limited;
            boolean whole = algorithm == Algorithm.PARALLEL;
            choices.add(
                    new SetChoice(ids.get(i), algorithm, whole ? all.withFailover() : all, ranking(item, algorithm)));
        }
        checkParallel(algorithmList, choices);
        return List.copyOf(choices);
    }

    private void checkParallel(String algorithmList, List<SetChoice> choices) {
        boolean whole = choices.get(0).isParallel();
        if (choices.stream().anyMatch(choice -> choice.isParallel() != whole)) {
            throw new SettingException(path + ".alg", algorithmList, "parallel for all sets or for none");
        }
        if (whole && !allowsParallel) {
            throw new SettingException(
                    path + ".alg",
                    algorithmList,
                    "mode stateful or redirect in relay, or another algorithm than parallel");
        }
    }

    private List<SetId> sets(String list) {
        return lists.parse(path + ".set", list, SET_FORM);
    }

    private void checkLength(String key, String list, int items, int wanted, String form) {
        if (items != 1 && items != wanted) {
            throw new SettingException(path + "." + key, list, form);
        }
    }

    private static String item(String[] items, int place) {
        return items[items.length == 1 ? 0 : place];
    }

    private Algorithm algorithm(String text) {
        return names.algorithm(path + ".alg", text);
    }

    private RankingPlan ranking(String item, Algorithm algorithm) {
        return rankings.plan(path + ".alg", item, algorithm);
    }

    private SelectFlags flags(String text) {
        SelectFlags parsed = SelectFlags.parse(text);
        if (parsed == null) {
            throw new SettingException(path + ".flags", text, FLAGS_FORM);
        }
        return parsed;
    }
}
