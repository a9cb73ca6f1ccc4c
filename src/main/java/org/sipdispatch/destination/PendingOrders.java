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

    private final Map<String, List<Order>> asked = new LinkedHashMap<>(16, 0.75f, false) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Order>> eldest) {
            return size() > MOST;
        }
    };
    private final List<Command> later = new ArrayList<>();

    /** Its permission has been asked for. */
    void ask(Order order) {
        asked.computeIfAbsent(order.ticket().order(), unused -> new ArrayList<>(1))
                .add(order);
    }

    /** Permission has come: for each time that the order was given, since it is executed once; none if it waits no longer. */
    List<Order> permitted(String order) {
        List<Order> all = asked.remove(order);
        return all == null ? List.of() : all;
    }

    /** Who gave it first does not wait for it any longer; another one who gave it may. */
    void refused(String order) {
        List<Order> all = asked.getOrDefault(order, List.of());
        if (all.size() > 1) {
            all.remove(0);
        } else {
            asked.remove(order);
        }
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
