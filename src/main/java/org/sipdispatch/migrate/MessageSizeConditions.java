package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.sipdispatch.migrate.ScriptOutcome.Leaf;
import org.sipdispatch.migrate.ScriptOutcome.ScriptAction;

/** The conditions for messages that are too large. They are not needed if the script only refuses such messages. */
final class MessageSizeConditions {
    private final Set<String> limits = new LinkedHashSet<>();
    private final Set<String> others = new HashSet<>();
    /** The replies to such messages, by position. */
    private final Set<Integer> replies = new HashSet<>();

    /** A limit below 1000 bytes is not a limit for messages that are too large. */
    static boolean isOne(Script.Test test) {
        return test.left().matches("msg:len|\\$ml")
                && test.operator().matches(">=?")
                && test.right().matches("\\d{4,9}|max_len");
    }

    /** Whether the script only refuses messages that are too large, on this path. */
    boolean onlyRefuses(Script.Test test, ScriptOutcome large) {
        boolean refuses = refuses(large);
        (refuses ? limits : others).add(test.text() + " at " + test.place());
        if (refuses) {
            replies(large).forEach(reply -> replies.add(reply.offset()));
        }
        return refuses;
    }

    /** The conditions that only refuse on every path. */
    Set<String> unneeded() {
        Set<String> only = new LinkedHashSet<>(limits);
        only.removeAll(others);
        return only;
    }

    boolean hasReply(Script.FunctionCall reply) {
        return replies.contains(reply.offset());
    }

    /** Whether all requests with that outcome are refused. */
    private static boolean refuses(ScriptOutcome outcome) {
        if (outcome instanceof ScriptOutcome.Split split) {
            return refuses(split.yes()) && refuses(split.no());
        }
        Leaf end = (Leaf) outcome;
        boolean answers = end.action() == ScriptAction.REPLY && ScriptFunctions.code(end.reply()) >= 400;
        return end.caveats().isEmpty() && (answers || end.action() == ScriptAction.SILENT);
    }

    /** All replies with which such requests are answered. */
    private static List<Script.FunctionCall> replies(ScriptOutcome outcome) {
        List<Script.FunctionCall> replies = new ArrayList<>();
        if (outcome instanceof ScriptOutcome.Split split) {
            replies.addAll(replies(split.yes()));
            replies.addAll(replies(split.no()));
        } else if (((Leaf) outcome).reply() != null) {
            replies.add(((Leaf) outcome).reply());
        }
        return replies;
    }
}
