package org.sipdispatch.migrate;

import org.sipdispatch.migrate.ScriptTokens.ScriptToken;
import org.sipdispatch.migrate.ScriptTokens.TokenType;

/** Parses a condition; precedence from low to high: {@code ||}, {@code &&}, {@code !}, comparisons. */
final class ScriptExpressions {
    private static final String COMPARISON = "==|!=|=~|!~|<|>|<=|>=|eq|ne";

    private final ScriptParser parser;

    ScriptExpressions(ScriptParser parser) {
        this.parser = parser;
    }

    Script.Expression read() {
        Script.Expression left = all();
        while (parser.takes("||") || parser.takes("or")) {
            left = new Script.Or(left, all());
        }
        return left;
    }

    private Script.Expression all() {
        Script.Expression left = not();
        while (parser.takes("&&") || parser.takes("and")) {
            left = new Script.And(left, not());
        }
        return left;
    }

    private Script.Expression not() {
        if (parser.takes("!") || parser.takes("not")) {
            return new Script.Not(not());
        }
        int start = parser.token().start();
        if (parser.takes("defined")) {
            return defined(start);
        }
        if (parser.takes("(")) {
            Script.Expression inner = read();
            parser.closes();
            ScriptToken next = parser.token();
            boolean compared = next.type() != TokenType.TEXT && next.text().matches(COMPARISON + "|[-+*/]");
            return compared ? rest("(...)", null, start) : inner;
        }
        return comparison(start);
    }

    /** Kamailio's {@code defined $rU}, or with brackets: the variable has a value. */
    private Script.Expression defined(int start) {
        String place = parser.place();
        boolean brackets = parser.takes("(");
        String variable = operand();
        if (brackets) {
            parser.closes();
        }
        return new Script.Test(variable, "!=", "$null", true, null, written(start), place);
    }

    private Script.Expression comparison(int start) {
        Script.FunctionCall call = parser.isCall() ? parser.call() : null;
        String left = call == null ? operand() : call.written();
        return rest(left, call, start);
    }

    private Script.Expression rest(String left, Script.FunctionCall call, int start) {
        String place = parser.place();
        ScriptToken sign = parser.token();
        boolean simple = sign.type() != TokenType.TEXT && sign.text().matches(COMPARISON);
        if (!simple) {
            boolean plain = skipArithmetic();
            return new Script.Test(plain ? left : "(...)", "", "", false, call, written(start), place);
        }
        parser.step();
        boolean fixed = parser.token().type() == TokenType.TEXT
                || parser.token().text().matches("\\d.*|NULL|null|\\$null|INET6?|UDP|TCP");
        Script.FunctionCall other = parser.isCall() ? parser.call() : null;
        String right = other == null ? operand() : other.written();
        boolean plain = skipArithmetic();
        return new Script.Test(
                plain ? left : "(...)", sign.text(), right, fixed, other == null ? call : other, written(start), place);
    }

    private String written(int start) {
        return parser.between(start, Math.max(start, parser.endOfLast()));
    }

    private String operand() {
        ScriptToken token = parser.token();
        if (token.is(")") || token.is("{") || token.type() == TokenType.END) {
            return "";
        }
        parser.step();
        return token.type() == TokenType.TEXT || token.type() != TokenType.SIGN
                ? token.text()
                : token.text() + operand();
    }

    /**
     * Skips operators and operands after an operand.
     *
     * @return whether there was nothing to skip
     */
    private boolean skipArithmetic() {
        boolean nothing = true;
        while (parser.token().type() == TokenType.SIGN && parser.token().text().matches("[-+*/%&|.]|<<|>>")) {
            nothing = false;
            parser.step();
            if (parser.isCall()) {
                parser.call();
            } else {
                operand();
            }
        }
        return nothing;
    }
}
