package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.Targets;

/** The targets of a destination as JSON. */
final class TargetsJson {
    private TargetsJson() {}

    /** Adds the targets, and the failure of DNS, to the JSON of their destination; {@code status}: null for none. */
    static void add(ObjectNode node, Status status) {
        Targets targets = status == null ? Targets.NONE : status.targets();
        if (targets.isEmpty()) {
            return;
        }
        node.put("dnsFailure", targets.failure());
        if (targets.isNone()) {
            return;
        }
        ArrayNode list = node.putArray("targets");
        for (Targets.TargetStatus one : targets.all()) {
            ObjectNode target = list.addObject()
                    .put("target", one.name())
                    .put("host", one.target().host())
                    .put("priority", one.target().priority())
                    .put("weight", one.target().weight());
            target.setAll(JsonViews.status(one.status()));
            // The version of the destination's status orders the changes.
            target.remove("version");
        }
    }
}
