package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.destination.DestinationActor.Command;
import org.sipdispatch.destination.DestinationActor.Order;

/** Orders that wait: for the permission of the node that gave them, or until this node may decide again. Not thread-safe. */
final class PendingOrders {
    private static final int MOST = 1000;

    private final Map<String, Order> asked = new LinkedHashMap<>(16, 0.75f, false) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Order> eldest) {
            return size() > MOST;
        }
    };
    private final List<Command> later = new ArrayList<>();

    /** Its permission has been asked for. */
    void ask(Order order) {
        asked.put(order.ticket().order(), order);
    }

    /** The order that permission was asked for; null if there is none. */
    Order take(String order) {
        return asked.remove(order);
    }

    /** Is to be handled when this node may decide again; dropped where too many wait, as nobody has been told that it was done. */
    void later(Command command) {
        if (later.size() < MOST) {
            later.add(command);
        }
    }

    List<Command> takeLater() {
        List<Command> all = List.copyOf(later);
        later.clear();
        return all;
    }
}
