package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.sipdispatch.limits.LimitUse;
import org.sipdispatch.operations.Operations;
import org.sipdispatch.sets.LimitValues;

/** Lists the limits of calls. */
final class LimitRoutes {
    private final Operations operations;

    LimitRoutes(Operations operations) {
        this.operations = operations;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.get(
                "/dispatcher/limits", Endpoint.value(ask -> operations.node().limits(), LimitRoutes::list)));
    }

    private static ObjectNode list(List<LimitUse> all) {
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("limits");
        for (LimitUse one : all) {
            list.add(limit(one));
        }
        return node;
    }

    /** Without the fields of limits that it does not have: a 0 would be read as full. */
    static ObjectNode limit(LimitUse one) {
        LimitValues values = one.values();
        ObjectNode node = Json.object().put("name", one.name());
        if (values.calls() > 0) {
            node.put("maxCalls", values.calls()).put("free", one.free());
        }
        if (values.perSecond() > 0) {
            node.put("maxCps", values.perSecond()).put("burst", values.burst());
        }
        if (values.minAnswered() > 0) {
            node.put("minAsr", values.minAnswered());
        }
        return node.put("calls", one.calls()).put("elsewhere", one.elsewhere()).put("refused", one.refused());
    }
}
