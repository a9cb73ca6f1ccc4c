package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.sipdispatch.limits.LimitUse;
import org.sipdispatch.operations.Operations;

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
            list.addObject()
                    .put("name", one.name())
                    .put("maxCalls", one.values().calls())
                    .put("maxCps", one.values().perSecond())
                    .put("burst", one.values().burst())
                    .put("minAsr", one.values().minAnswered())
                    .put("calls", one.calls())
                    .put("elsewhere", one.elsewhere())
                    .put("free", one.free())
                    .put("refused", one.refused());
        }
        return node;
    }
}
