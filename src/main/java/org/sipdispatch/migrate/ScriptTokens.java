package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;

/** Splits a script into words, quoted texts, variables and signs. */
final class ScriptTokens {
    enum TokenType {
        WORD,
        TEXT,
        VARIABLE,
        SIGN,
        END
    }

    /** {@code text} is without quotes; {@code start} and {@code end} are offsets in the script. */
    record ScriptToken(TokenType type, String text, int start, int end) {
        boolean is(String sign) {
            return type != TokenType.TEXT && text.equals(sign);
        }
    }

    private static final List<String> SIGNS =
            List.of("==", "!=", "=~", "!~", "<=", ">=", "&&", "||", ":=", "+=", "-=", "=>", "<<", ">>");

    private final String script;
    private final List<ScriptToken> tokens = new ArrayList<>();
    private int at;

    private ScriptTokens(String script) {
        this.script = script;
    }

    /** The tokens; the last one is {@code END}. */
    static List<ScriptToken> of(String script) {
        ScriptTokens all = new ScriptTokens(script);
        while (all.at < script.length()) {
            all.next();
        }
        all.tokens.add(new ScriptToken(TokenType.END, "", script.length(), script.length()));
        return all.tokens;
    }

    private void next() {
        char c = script.charAt(at);
        int start = at;
        if (Character.isWhitespace(c)) {
            at++;
        } else if (c == '"' || c == '\'' && closes(at)) {
            String text = quoted(c);
            tokens.add(new ScriptToken(TokenType.TEXT, text, start, at));
        } else if (c == '$') {
            variable();
            tokens.add(new ScriptToken(TokenType.VARIABLE, script.substring(start, at), start, at));
        } else if (isWord(c)) {
            word();
            tokens.add(new ScriptToken(TokenType.WORD, script.substring(start, at), start, at));
        } else {
            String sign = SIGNS.stream()
                    .filter(one -> script.startsWith(one, at))
                    .findFirst()
                    .orElse(String.valueOf(c));
            at += sign.length();
            tokens.add(new ScriptToken(TokenType.SIGN, sign, start, at));
        }
    }

    /** An apostrophe starts a text only if another one follows on its line. */
    private boolean closes(int quote) {
        int other = script.indexOf('\'', quote + 1);
        int end = script.indexOf('\n', quote);
        return other >= 0 && (end < 0 || other < end);
    }

    private String quoted(char quote) {
        StringBuilder text = new StringBuilder();
        at++;
        while (at < script.length() && script.charAt(at) != quote) {
            if (script.charAt(at) == '\\' && quote == '"' && at + 1 < script.length()) {
                char escaped = script.charAt(++at);
                text.append(escaped == '"' || escaped == '\\' ? "" : "\\");
            }
            text.append(script.charAt(at++));
        }
        at = Math.min(at + 1, script.length());
        return text.toString();
    }

    /** Reads {@code $name}, {@code $(name)}, {@code $name(inner)} or {@code $name(inner)[index]}. */
    private void variable() {
        at++;
        while (at < script.length() && (Character.isLetterOrDigit(script.charAt(at)) || script.charAt(at) == '_')) {
            at++;
        }
        while (at < script.length() && (script.charAt(at) == '(' || script.charAt(at) == '[')) {
            bracket();
        }
    }

    private void bracket() {
        int depth = 0;
        do {
            char c = script.charAt(at++);
            depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
        } while (at < script.length() && depth > 0 && script.charAt(at) != '\n');
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '@';
    }

    /** A word may contain dots and colons, as in {@code msg:len}, and a prefix length after an address. */
    private void word() {
        boolean label = script.startsWith("default:", at)
                || !tokens.isEmpty() && tokens.get(tokens.size() - 1).is("case");
        while (at < script.length()) {
            char c = script.charAt(at);
            boolean goesOn = at + 1 < script.length() && Character.isLetterOrDigit(script.charAt(at + 1));
            boolean inside = c == '.' || c == ':' && !label || c == '/' && Character.isDigit(script.charAt(at - 1));
            if (!isWord(c) && !(inside && goesOn)) {
                return;
            }
            at++;
        }
    }
}
