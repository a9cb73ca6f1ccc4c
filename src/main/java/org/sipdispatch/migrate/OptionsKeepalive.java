package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.sipdispatch.migrate.Fact.Condition;
import org.sipdispatch.migrate.Fact.Criterion;

/**
 * Finds the statement that answers OPTIONS for the proxy itself with 200. The node gives that answer before any rule:
 * to OPTIONS without a user, to one of its own addresses.
 */
final class OptionsKeepalive {
    private final Function<Script.Test, Condition> conditions;
    private boolean options;
    private boolean own;
    private boolean userless;
    /** Whether there are no other conditions. */
    private boolean exact = true;

    private OptionsKeepalive(Function<Script.Test, Condition> conditions) {
        this.conditions = conditions;
    }

    /**
     * Returns the call that answers; null if the node does not give the same answer on its own.
     *
     * @param holding the facts that hold at the statement
     * @param conditions converts a test
     */
    static Script.FunctionCall of(Script.If choice, List<Fact> holding, Function<Script.Test, Condition> conditions) {
        OptionsKeepalive keepalive = new OptionsKeepalive(conditions);
        holding.forEach(keepalive::known);
        keepalive.all(choice.condition());
        List<Script.Statement> body = choice.yes();
        while (choice.no().isEmpty() && body.size() == 1 && body.get(0) instanceof Script.If inner) {
            keepalive.all(inner.condition());
            keepalive.exact &= inner.no().isEmpty();
            body = inner.yes();
        }
        Script.FunctionCall answer = keepalive.options && keepalive.own && keepalive.exact ? onlyAnswer(body) : null;
        return answer != null && (keepalive.userless || asksForUser(answer)) ? answer : null;
    }

    /**
     * The conditions before the statement on which the script does something else with such OPTIONS.
     *
     * @param failing the facts that do not hold at the statement
     */
    static List<String> before(List<Fact> failing) {
        return failing.stream()
                .filter(fact -> switch (fact.criterion()) {
                    case SOURCE, SOCKET, HEADER, RURI, IN_SET, COUNT, UNKNOWN -> true;
                    case METHOD, TO_TAG, ALWAYS, NEVER -> false;
                })
                .map(Fact::text)
                .distinct()
                .toList();
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
        Condition condition = conditions.apply(test);
        if (condition.negated()) {
            exact = false;
        } else {
            known(condition.fact());
        }
    }

    private void known(Fact fact) {
        String text = fact.text().replace(" ", "");
        boolean isOptions = fact.criterion() == Criterion.METHOD && fact.value().equals("OPTIONS");
        boolean isOwn = text.matches("(uri|\\$ru)==myself|myself==uri|is_myself\\(\"?\\$r[ud]\"?(,\"?\\$rp\"?)?\\)");
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
