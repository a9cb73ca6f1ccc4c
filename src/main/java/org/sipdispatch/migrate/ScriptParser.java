package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.sipdispatch.migrate.ScriptTokens.ScriptToken;
import org.sipdispatch.migrate.ScriptTokens.TokenType;

/** Parses the routes and module parameters of a script. Skips what it does not know, and reports it. */
final class ScriptParser {
    private static final String ROUTE = "route|\\w+_route";

    private final String text;
    private final List<ScriptToken> tokens;
    private final IntFunction<String> places;
    private final List<Script.FunctionCall> modparams = new ArrayList<>();
    private final List<Script.Route> routes = new ArrayList<>();
    private final List<String> unread = new ArrayList<>();
    /** Whether the current statement has a bracket that is not closed. */
    private boolean malformed;

    private int at;

    private ScriptParser(String text, IntFunction<String> places) {
        this.text = text;
        this.tokens = ScriptTokens.of(text);
        this.places = places;
    }

    /** @param places describes the location of an offset in the text */
    static Script parse(String text, IntFunction<String> places) {
        ScriptParser parser = new ScriptParser(text, places);
        while (!parser.isAtEnd()) {
            parser.top();
        }
        return new Script(parser.modparams, parser.routes, parser.unread);
    }

    private ScriptToken now() {
        return tokens.get(at);
    }

    private ScriptToken after(int more) {
        return tokens.get(Math.min(at + more, tokens.size() - 1));
    }

    private boolean isAtEnd() {
        return now().type() == TokenType.END;
    }

    private boolean take(String sign) {
        boolean there = now().is(sign);
        at += there ? 1 : 0;
        return there;
    }

    String place() {
        return places.apply(now().start());
    }

    private void top() {
        ScriptToken first = now();
        boolean isRoute = first.type() == TokenType.WORD && first.text().matches(ROUTE);
        if (isRoute && (after(1).is("{") || after(1).is("["))) {
            route();
        } else if (first.type() == TokenType.WORD && first.text().matches("modparamx?")) {
            modparam();
        } else {
            at++;
        }
    }

    private void modparam() {
        String place = place();
        at++;
        if (!take("(")) {
            unread.add("modparam at " + place);
            return;
        }
        int offset = now().start();
        Script.FunctionCall call = new Script.FunctionCall("modparam", arguments(), place, offset);
        if (call.arguments().size() == 3) {
            modparams.add(call);
        } else {
            unread.add(shortened(call.written()) + " at " + place);
        }
    }

    private void route() {
        String place = place();
        String kind = now().text();
        at++;
        String name = "";
        if (take("[")) {
            int from = now().start();
            while (!isAtEnd() && !now().is("]")) {
                at++;
            }
            name = text.substring(from, now().start()).strip().replaceAll("^\"(.*)\"$", "$1");
            take("]");
        }
        if (take("{")) {
            routes.add(new Script.Route(kind, name, block(), place));
        }
    }

    /** Parses a block after its opening brace, including the closing one. */
    private List<Script.Statement> block() {
        return block(new ArrayList<>());
    }

    /** @param cases receives the cases of a {@code switch} */
    private List<Script.Statement> block(List<Script.Case> cases) {
        List<Script.Statement> statements = new ArrayList<>();
        while (!isAtEnd() && !take("}")) {
            if (now().is("case") || now().is("default")) {
                int from = now().start();
                skipTo(":");
                String label = between(from, endOfLast()).replaceFirst("\\s*:$", "");
                cases.add(new Script.Case(label, statements.size()));
            } else if (!take(";")) {
                statements.add(statement());
            }
        }
        return statements;
    }

    private List<Script.Statement> blockOrOne() {
        if (take("{")) {
            return block();
        }
        return take(";") || isAtEnd() ? List.of() : List.of(statement());
    }

    private Script.Statement statement() {
        ScriptToken first = now();
        if (first.is("if")) {
            at++;
            return choice(first);
        }
        if (first.is("{")) {
            at++;
            return new Script.If(always(), block(), List.of());
        }
        if (first.type() == TokenType.WORD && first.text().matches("while|for|foreach|switch")) {
            return repeat();
        }
        if (first.type() == TokenType.WORD && first.text().matches("exit|drop|return|break")) {
            return jump(first);
        }
        if (first.type() == TokenType.VARIABLE) {
            return assignment();
        }
        if (first.type() == TokenType.WORD && after(1).is("(")) {
            return called(first);
        }
        skipStatement();
        String what = text.substring(first.start(), Math.max(first.end(), now().start()));
        String place = places.apply(first.start());
        unread.add("\"" + shortened(what.strip()) + "\" at " + place);
        return new Script.Unread(shortened(what.strip()), place);
    }

    private Script.Statement called(ScriptToken first) {
        malformed = false;
        Script.FunctionCall call = call();
        boolean ends = now().is(";") || now().is("}") || isAtEnd();
        if (ends && !malformed) {
            take(";");
            return call;
        }
        return new Script.If(always(), List.of(unread(first), call), List.of());
    }

    /** Reports the statement from its first token to the current one. */
    private Script.Unread unread(ScriptToken first) {
        String what = shortened(between(first.start(), Math.max(first.end(), endOfLast())));
        String place = places.apply(first.start());
        unread.add("\"" + what + "\" at " + place);
        return new Script.Unread(what, place);
    }

    /** A quote that is missing makes the rest of a file one statement. */
    private static String shortened(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "..." : text;
    }

    private Script.Statement jump(ScriptToken first) {
        String place = places.apply(first.start());
        skipStatement();
        String whole = between(first.start(), Math.max(first.end(), endOfLast()));
        String value =
                first.text().equals("return") ? whole.replaceFirst("return", "").replaceAll("[();{}\\s]", "") : "";
        boolean constant = value.matches("[-+]?\\d*");
        boolean exits = constant && value.matches("[-+]?0+");
        return new Script.Jump(exits ? "exit" : first.text(), constant ? "" : whole.replaceFirst(";$", ""), place);
    }

    private static Script.Expression always() {
        return new Script.Test("1", "", "", false, null, "1", "");
    }

    private Script.Statement choice(ScriptToken first) {
        malformed = false;
        Script.Expression condition = new ScriptExpressions(this).read();
        Script.Unread error = malformed || now().is(")") ? unread(first) : null;
        while (error != null && now().is(")")) {
            at++;
        }
        List<Script.Statement> yes = blockOrOne();
        take(";");
        List<Script.Statement> no = take("else") ? blockOrOne() : List.of();
        Script.If choice = new Script.If(condition, yes, no);
        return error == null ? choice : new Script.If(always(), List.of(error, choice), List.of());
    }

    private Script.Statement repeat() {
        int from = now().start();
        String place = place();
        at++;
        if (take("(")) {
            skipTo(")");
        }
        String head = text.substring(from, now().start()).strip();
        List<Script.Case> cases = new ArrayList<>();
        List<Script.Statement> body = take("{") ? block(cases) : blockOrOne();
        return new Script.Loop(head, body, List.copyOf(cases), place);
    }

    private Script.Statement assignment() {
        ScriptToken variable = now();
        String place = place();
        at++;
        ScriptToken value = after(1);
        boolean alone = now().is("=") && after(2).is(";");
        boolean constant =
                alone && (value.type() == TokenType.TEXT && !value.text().contains("$") || isNumber(value));
        skipStatement();
        String whole = text.substring(variable.start(), now().start()).strip().replaceFirst(";$", "");
        return new Script.Assign(variable.text(), whole, constant ? value.text() : null, place);
    }

    private static boolean isNumber(ScriptToken token) {
        return token.type() == TokenType.WORD && token.text().matches("\\d+");
    }

    /** Moves past the next semicolon, or to the brace that ends the block. */
    private void skipStatement() {
        int depth = 0;
        while (!isAtEnd() && !(depth == 0 && now().is("}"))) {
            depth += now().is("{") || now().is("(") ? 1 : now().is("}") || now().is(")") ? -1 : 0;
            boolean ends = depth <= 0 && now().is(";");
            at++;
            if (ends) {
                return;
            }
        }
    }

    /** Moves past that sign, at the same depth of brackets. */
    private void skipTo(String sign) {
        int depth = 0;
        while (!isAtEnd()) {
            if (depth == 0 && take(sign)) {
                return;
            }
            depth += now().is("(") ? 1 : now().is(")") ? -1 : 0;
            at++;
        }
    }

    /** The current token, for {@link ScriptExpressions}. */
    ScriptToken token() {
        return now();
    }

    void step() {
        at++;
    }

    boolean takes(String sign) {
        return take(sign);
    }

    /** Takes a closing bracket; without one the statement cannot be read. */
    void closes() {
        malformed |= !take(")");
    }

    boolean isCall() {
        return now().type() == TokenType.WORD && after(1).is("(");
    }

    String between(int start, int end) {
        return text.substring(start, end).strip().replaceAll("\\s+", " ");
    }

    int endOfLast() {
        return tokens.get(Math.max(0, at - 1)).end();
    }

    /** Parses a call from its name to its closing bracket. */
    Script.FunctionCall call() {
        String place = place();
        String name = now().text();
        int offset = now().start();
        at += 2;
        return new Script.FunctionCall(name, arguments(), place, offset);
    }

    /** Parses the arguments after the opening bracket, including the closing one. */
    private List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        StringBuilder one = new StringBuilder();
        int depth = 1;
        while (!isAtEnd() && !now().is(";") && !now().is("{")) {
            ScriptToken token = now();
            at++;
            depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            if (depth == 0 || depth == 1 && token.is(",")) {
                arguments.add(one.toString().strip());
                one.setLength(0);
                if (depth == 0) {
                    break;
                }
            } else {
                one.append(token.type() == TokenType.TEXT ? token.text() : text.substring(token.start(), token.end()));
            }
        }
        if (depth > 0) {
            arguments.add(one.toString().strip());
            malformed = true;
        }
        boolean none = arguments.size() == 1 && arguments.get(0).isEmpty();
        return none ? List.of() : List.copyOf(arguments);
    }
}
