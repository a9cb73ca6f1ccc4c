package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sipdispatch.migrate.ScriptCondition.Criterion;
import org.sipdispatch.migrate.ScriptCondition.PossiblyNegated;

/**
 * Finds the statement that answers OPTIONS for the proxy itself with 200. The node gives that answer before any rule:
 * to OPTIONS without a user, to one of its own addresses.
 */
final class OptionsKeepalive {
    private static final Pattern OWN =
            Pattern.compile("(uri|\\$ru)==myself|myself==uri|is_myself\\(\"?\\$r[ud]\"?(,\"?\\$rp\"?)?\\)");

    private final Function<Script.Test, PossiblyNegated> conditions;
    private boolean options;
    private boolean own;
    private boolean userless;
    /** Whether there are no other conditions. */
    private boolean exact = true;

    private OptionsKeepalive(Function<Script.Test, PossiblyNegated> conditions) {
        this.conditions = conditions;
    }

    /**
     * An answer of the script that the node gives itself.
     *
     * @param before the conditions before it on which the script does something else with such OPTIONS; the node does
     *     not ask them
     * @param difference the OPTIONS that only the script answers; empty for none
     */
    record KeepaliveAnswer(Script.FunctionCall call, Set<String> before, String difference) {
        /** The same answer, reached on two paths. */
        KeepaliveAnswer and(KeepaliveAnswer other) {
            Set<String> all = new LinkedHashSet<>(before);
            all.addAll(other.before);
            return new KeepaliveAnswer(call, all, difference.isEmpty() ? other.difference : difference);
        }
    }

    /**
     * Returns the answer; null if the node does not give it on its own.
     *
     * @param state the path to the statement
     * @param conditions converts a test
     */
    static KeepaliveAnswer of(Script.If choice, PathState state, Function<Script.Test, PossiblyNegated> conditions) {
        OptionsKeepalive keepalive = new OptionsKeepalive(conditions);
        state.holding().forEach(keepalive::known);
        keepalive.all(choice.condition());
        List<Script.Statement> body = choice.yes();
        while (choice.no().isEmpty() && body.size() == 1 && body.get(0) instanceof Script.If inner) {
            keepalive.all(inner.condition());
            keepalive.exact &= inner.no().isEmpty();
            body = inner.yes();
        }
        boolean similar = keepalive.options && keepalive.exact && (keepalive.own || keepalive.userless);
        Script.FunctionCall answer = similar ? onlyAnswer(body) : null;
        return answer == null || !keepalive.own && asksForUser(answer)
                ? null
                : new KeepaliveAnswer(answer, before(state.failing()), keepalive.difference(answer));
    }

    private String difference(Script.FunctionCall answer) {
        return !own
                ? "OPTIONS for other hosts go to the rules"
                : userless || asksForUser(answer) ? "" : "OPTIONS with a user in the Request-URI go to the rules";
    }

    /** @param failing the facts that do not hold at the statement */
    private static Set<String> before(List<ScriptCondition> failing) {
        return failing.stream()
                .filter(fact -> switch (fact.criterion()) {
                    case SOURCE, SOCKET, HEADER, RURI, IN_SET, COUNT, UNKNOWN -> true;
                    case METHOD, TO_TAG, ALWAYS, NEVER -> false;
                })
                .map(ScriptCondition::text)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void all(Script.Expression expression) {
        if (expression instanceof Script.And and) {
            all(and.left());
            all(and.right());
        } else if (expression instanceof Script.Not not) {
            // The node answers within dialogs too.
            exact &= not.inner() instanceof Script.Test test
                    && test.call() != null
                    && test.call().name().equals("has_totag")
                    && test.operator().isEmpty();
        } else if (expression instanceof Script.Test test) {
            one(test);
        } else {
            exact = false;
        }
    }

    private void one(Script.Test test) {
        PossiblyNegated condition = conditions.apply(test);
        if (condition.negated()) {
            exact = false;
        } else {
            known(condition.fact());
        }
    }

    private void known(ScriptCondition fact) {
        String text = fact.text().replace(" ", "");
        boolean isOptions = fact.criterion() == Criterion.METHOD && fact.value().equals("OPTIONS");
        boolean isOwn = OWN.matcher(text).matches();
        boolean isUserless = fact.criterion() == Criterion.RURI && fact.value().equals(RequestUriPattern.NO_USER);
        boolean isOutside = fact.criterion() == Criterion.TO_TAG && fact.value().equals("off");
        options |= isOptions;
        own |= isOwn;
        userless |= isUserless;
        exact &= isOptions || isOwn || isUserless || isOutside || fact.criterion() == Criterion.ALWAYS;
    }

    /** The only call of the body that does something, if it answers with 200 and the request ends there. */
    private static Script.FunctionCall onlyAnswer(List<Script.Statement> body) {
        List<Script.FunctionCall> answers = new ArrayList<>();
        boolean ends = false;
        for (Script.Statement statement : body) {
            if (ends) {
                return null;
            } else if (statement instanceof Script.Jump jump) {
                ends = jump.keyword().matches("exit|drop");
            } else if (statement instanceof Script.FunctionCall call && isAnswer(call)) {
                answers.add(call);
            } else if (!(statement instanceof Script.FunctionCall call) || !ScriptFunctions.isLog(call)) {
                return null;
            }
        }
        return ends && answers.size() == 1 ? answers.get(0) : null;
    }

    /** {@code options_reply()} itself answers only without a user. */
    private static boolean asksForUser(Script.FunctionCall answer) {
        return answer.name().equals("options_reply");
    }

    private static boolean isAnswer(Script.FunctionCall call) {
        return asksForUser(call) || ScriptFunctions.isReply(call) && ScriptFunctions.code(call) == 200;
    }
}
