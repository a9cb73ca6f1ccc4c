package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The parsed script of OpenSIPS or Kamailio.
 *
 * @param modparams the calls of {@code modparam}, in order
 * @param routes all routes, of every kind
 * @param unread the parts that could not be parsed, with their locations
 */
record Script(List<FunctionCall> modparams, List<Route> routes, List<String> unread) {
    /** The text that both proxies write for a value that does not exist. */
    static final Set<String> NOTHING = Set.of("NULL", "null", "$null", "");

    /**
     * A route block.
     *
     * @param kind {@code route}, {@code failure_route}, ...; {@code request_route} is the main one
     * @param name the text in brackets; empty for none
     */
    record Route(String kind, String name, List<Statement> body, String place) {
        boolean isMain() {
            return kind.equals("request_route") || kind.equals("route") && (name.isEmpty() || name.equals("0"));
        }

        String written() {
            return kind + (name.isEmpty() ? "" : "[" + name + "]");
        }
    }

    sealed interface Statement permits If, FunctionCall, Jump, Assign, Loop, Unread {}

    record If(Expression condition, List<Statement> yes, List<Statement> no) implements Statement {}

    /**
     * A function call, as a statement or in a condition.
     *
     * @param arguments without quotes; empty for an omitted argument
     * @param offset the position in the text, which distinguishes equal calls of one line
     */
    record FunctionCall(String name, List<String> arguments, String place, int offset) implements Statement {
        String argument(int number) {
            return number < arguments.size() ? arguments.get(number) : "";
        }

        String written() {
            return name + "("
                    + String.join(
                            ", ",
                            arguments.stream().map(one -> "\"" + one + "\"").toList()) + ")";
        }

        String located() {
            return written() + " at " + place;
        }
    }

    /**
     * One of {@code exit}, {@code drop}, {@code return} and {@code break}. {@code return(0)} is an exit.
     *
     * @param computed the whole statement, if it returns a computed value, which may be 0; otherwise empty
     */
    record Jump(String keyword, String computed, String place) implements Statement {
        boolean isReturn() {
            return keyword.equals("return");
        }
    }

    /** An assignment; {@code constant} is null if the value is not constant. */
    record Assign(String variable, String text, String constant, String place) implements Statement {}

    /**
     * A loop, or a {@code switch} with its cases.
     *
     * @param body the statements of all cases in a row, because a case without {@code break} continues in the next
     */
    record Loop(String text, List<Statement> body, List<Case> cases, String place) implements Statement {
        /** The parts of the body that are executed alternatively. */
        List<List<Statement>> parts() {
            return cases.isEmpty()
                    ? List.of(body)
                    : cases.stream()
                            .map(one -> body.subList(one.from(), body.size()))
                            .toList();
        }
    }

    /**
     * A case of a {@code switch}.
     *
     * @param label as written; {@code default} for the last one
     * @param from the index of its first statement in the body
     */
    record Case(String label, int from) {}

    record Unread(String text, String place) implements Statement {}

    sealed interface Expression permits And, Or, Not, Test {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Not(Expression inner) implements Expression {}

    /**
     * A comparison, call or value.
     *
     * @param operator empty for a single value
     * @param fixed whether the right side is a text or a number
     * @param call null if the test is not a call
     */
    record Test(String left, String operator, String right, boolean fixed, FunctionCall call, String text, String place)
            implements Expression {}

    /** The route of that kind and name; null if there is none. */
    Route route(String kind, String name) {
        return routes.stream()
                .filter(route -> route.kind.equals(kind) && route.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    /** All assignments in these statements. */
    static List<Assign> assignments(List<Statement> statements) {
        List<Assign> assignments = new ArrayList<>();
        for (Statement statement : statements) {
            if (statement instanceof Assign assign) {
                assignments.add(assign);
            } else if (statement instanceof If choice) {
                assignments.addAll(assignments(choice.yes));
                assignments.addAll(assignments(choice.no));
            } else if (statement instanceof Loop repeat) {
                assignments.addAll(assignments(repeat.body));
            }
        }
        return assignments;
    }

    /** All calls in these statements, including conditions; does not follow calls of routes. */
    static List<FunctionCall> calls(List<Statement> statements) {
        List<FunctionCall> calls = new ArrayList<>();
        for (Statement statement : statements) {
            if (statement instanceof FunctionCall call) {
                calls.add(call);
            } else if (statement instanceof If choice) {
                tests(choice.condition).stream()
                        .map(Test::call)
                        .filter(Objects::nonNull)
                        .forEach(calls::add);
                calls.addAll(calls(choice.yes));
                calls.addAll(calls(choice.no));
            } else if (statement instanceof Loop repeat) {
                calls.addAll(calls(repeat.body));
            }
        }
        return calls;
    }

    /** The calls in these statements whose result no condition asks for. */
    static List<FunctionCall> unchecked(List<Statement> statements) {
        List<FunctionCall> calls = new ArrayList<>();
        for (Statement statement : statements) {
            if (statement instanceof FunctionCall call) {
                calls.add(call);
            } else if (statement instanceof If choice) {
                calls.addAll(unchecked(choice.yes));
                calls.addAll(unchecked(choice.no));
            } else if (statement instanceof Loop repeat) {
                calls.addAll(unchecked(repeat.body));
            }
        }
        return calls;
    }

    /** All comparisons, calls and values in the conditions of these statements. */
    static List<Test> tests(List<Statement> statements) {
        List<Test> tests = new ArrayList<>();
        for (Statement statement : statements) {
            if (statement instanceof If choice) {
                tests.addAll(tests(choice.condition));
                tests.addAll(tests(choice.yes));
                tests.addAll(tests(choice.no));
            } else if (statement instanceof Loop repeat) {
                tests.addAll(tests(repeat.body));
            }
        }
        return tests;
    }

    private static List<Test> tests(Expression expression) {
        List<Test> tests = new ArrayList<>();
        if (expression instanceof And and) {
            tests.addAll(tests(and.left));
            tests.addAll(tests(and.right));
        } else if (expression instanceof Or or) {
            tests.addAll(tests(or.left));
            tests.addAll(tests(or.right));
        } else if (expression instanceof Not not) {
            tests.addAll(tests(not.inner));
        } else {
            tests.add((Test) expression);
        }
        return tests;
    }
}
