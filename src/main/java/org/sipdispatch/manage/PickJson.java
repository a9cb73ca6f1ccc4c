package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.sipdispatch.destination.Status;
import org.sipdispatch.operations.ExplainRoute;
import org.sipdispatch.proxy.Explanation;

/** The routing of a request and its explanation, as JSON. */
final class PickJson {
    private PickJson() {}

    static ObjectNode of(ExplainRoute.Explained picked) {
        Explanation explanation = picked.explanation();
        ObjectNode node = Json.object()
                .put("outcome", explanation.outcome())
                .put("reason", explanation.reason())
                .put("rule", explanation.rule())
                .put("mode", explanation.mode())
                .put("replyCode", explanation.replyCode())
                .put("replyReason", explanation.replyReason());
        ArrayNode sets = node.putArray("sets");
        explanation.sets().forEach(set -> sets.add(set(set, picked.statuses())));
        ArrayNode candidates = node.putArray("candidates");
        explanation.candidates().forEach(one -> candidates.add(JsonViews.destination(one)));
        ArrayNode headers = node.putArray("headers");
        explanation.additions().headers().forEach(headers::add);
        return node.put("log", explanation.additions().log());
    }

    private static ObjectNode set(Explanation.OfSet set, Map<String, Status> statuses) {
        ObjectNode node = Json.object()
                .put("partition", set.set().partition())
                .put("set", set.set().number())
                .put("algorithm", set.algorithm())
                .put("algorithmName", set.algorithmName())
                .put("flags", set.flags())
                .put("key", set.key())
                .put("hash", set.hash())
                .put("note", set.note());
        ArrayNode members = node.putArray("members");
        for (Explanation.OfMember member : set.members()) {
            members.add(member(member, statuses.get(member.destination().id())));
        }
        ArrayNode candidates = node.putArray("candidates");
        set.candidates().forEach(candidates::add);
        return node;
    }

    /**
     * A member with its status and the reason why it is usable or not. The status is null until the destination's actor
     * has reported.
     */
    private static ObjectNode member(Explanation.OfMember member, Status status) {
        ObjectNode node = JsonViews.destination(member.destination())
                .put("usable", member.usable())
                .put("rank", member.rank())
                .put("why", member.why());
        if (status != null && !status.targets().isEmpty()) {
            node.put("dnsFailure", status.targets().failure());
        }
        return node.put("state", status == null ? null : status.state().text())
                .put("hold", status != null && status.held())
                .put("who", status == null ? null : status.who())
                .put("whySince", status == null ? null : status.why())
                .put("sinceMs", status == null ? 0 : status.sinceMs());
    }
}
