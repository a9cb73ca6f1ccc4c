package org.sipdispatch.operations;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.definitions.ReloadOrder;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.sip.SipUri;

/** Orders of operators that change definitions. */
public final class DefinitionOrders {
    private static final int LONGEST = 4000;
    private static final int MOST_PORT = 65_535;

    private final OperationContext context;
    private final RowStateRestorer rowStates;

    DefinitionOrders(OperationContext context, DestinationOrders orders) {
        this.context = context;
        rowStates = new RowStateRestorer(context, orders);
    }

    /**
     * Reads the sources of the destinations again: {@code ds_reload}. Refused with the reason if nothing was applied.
     * Read-only callers may request a dry run; its outcome contains the reason instead.
     */
    public CompletionStage<ReloadOutcome> reload(OperationCaller caller, ReloadOrder order) {
        if (order.dryRun() && !order.inheritState()) {
            throw OperationException.bad("dryRun", true, "false where states are not inherited");
        } else if (order.dryRun()) {
            return load(caller, order);
        }
        caller.requireWrite();
        String what = (order.partition().isEmpty() ? "all partitions" : "partition " + order.partition())
                + (order.dropTemporary() ? ", without temporary destinations" : "")
                + (order.inheritState() ? "" : ", with the states of the rows")
                + (order.skipBadRows() ? ", without bad rows" : "");
        DestinationsSnapshot before = context.destinations();
        CompletionStage<ReloadOutcome> reloaded = context.recorded(caller, "reload", "", what, load(caller, order));
        return order.inheritState()
                ? reloaded
                : reloaded.thenCompose(outcome -> rowStates.apply(caller, order.partition(), before, outcome));
    }

    private CompletionStage<ReloadOutcome> load(OperationCaller caller, ReloadOrder order) {
        CompletionStage<ReloadOutcome> outcome = context.cluster().reload(order, caller.text());
        return order.dryRun() ? outcome : context.whenShown(outcome);
    }

    /** Adds a temporary destination. It has no row; it exists in the cluster until it is removed. */
    public CompletionStage<ReloadOutcome> add(
            OperationCaller caller, Destination destination, DestinationState initial) {
        caller.requireWrite();
        Definition temporary = new Definition(destination, initial, false, 0, 0, 0, "", true);
        return context.recorded(
                caller,
                "add",
                destination.id(),
                initial.text(),
                context.whenShown(context.cluster().add(temporary, caller.text())));
    }

    /** Removes a temporary destination. */
    public CompletionStage<ReloadOutcome> remove(OperationCaller caller, String id) {
        caller.requireWrite();
        return context.recorded(
                caller,
                "remove",
                id,
                "",
                context.whenShown(context.ifDefined(id, () -> context.cluster().remove(id, caller.text()))));
    }

    /**
     * Writes a row into the table of its partition, or changes it, and reads the partition. May be repeated.
     *
     * @param initial the state of a new row; null: the existing destination's state, or active if there is none
     * @param given which of weight, priority, attrs and description the caller gives; a row that exists keeps the
     *     others
     */
    public CompletionStage<ReloadOutcome> putRow(
            OperationCaller caller, Destination destination, DestinationState initial, List<String> given) {
        caller.requireWrite();
        Definition row = new Definition(destination, initial == null ? state(destination.id()) : initial, false);
        List<String> ignored = ignored(context.destinations().find(destination.id()), initial);
        return context.recorded(
                        caller,
                        "put-row",
                        destination.id(),
                        "",
                        context.whenShown(context.cluster().putRow(row, given, caller.text())))
                .thenApply(outcome -> outcome.plus(ignored));
    }

    /** The warning that the state of a new row does not change a destination that exists, if it has another one. */
    static List<String> ignored(DestinationsSnapshot.KnownDestination known, DestinationState initial) {
        boolean exists =
                known != null && known.status() != null && !known.status().removed();
        return initial == null || !exists || known.status().state() == initial
                ? List.of()
                : List.of("state: " + initial.text() + " (expected: none, because the destination exists and stays "
                        + known.status().state().text() + "; the orders state, hold and release change it)");
    }

    /** The state of a destination, which may have its row elsewhere or be temporary; active if there is none. */
    private DestinationState state(String id) {
        DestinationsSnapshot.KnownDestination known = context.destinations().find(id);
        return known == null || known.status() == null || known.status().removed()
                ? DestinationState.ACTIVE
                : known.status().state();
    }

    /** Deletes a row, if there is one, from the table of its partition, and reads the partition. May be repeated. */
    public CompletionStage<ReloadOutcome> removeRow(OperationCaller caller, Destination destination) {
        caller.requireWrite();
        return context.recorded(
                caller,
                "remove-row",
                destination.id(),
                "",
                context.whenShown(context.cluster().removeRow(destination, caller.text())));
    }

    /**
     * Selects destinations by address.
     *
     * @param ip an IP address, IPv6 with or without brackets; or a host name, which matches a URI with the same name
     *     only
     * @param port 0 for any
     */
    public record AddressSelector(String partition, int set, String ip, int port) {
        private String address() {
            return port == 0 ? ip : ip + ":" + port;
        }

        private String setName() {
            return partition + ":" + set;
        }
    }

    /**
     * Sets attributes, in addition to those of the rows, for the destinations of a set at an address:
     * {@code ds_push_script_attrs}.
     *
     * @return the number of destinations that now have the attributes
     */
    public CompletionStage<Integer> pushAttrs(OperationCaller caller, AddressSelector selector, String attrs) {
        caller.requireWrite();
        if (attrs.length() > LONGEST) {
            throw OperationException.bad("attrs", attrs.length() + " characters", LONGEST + " at most");
        }
        if (selector.port() < 0 || selector.port() > MOST_PORT) {
            throw OperationException.bad("port", selector.port(), "a number from 0 to " + MOST_PORT);
        }
        return CompletableFuture.completedFuture(selector)
                .thenApply(there -> ids(context.destinations(), there))
                .thenCompose(ids -> context.recorded(
                        caller,
                        "push_script_attrs",
                        ids.size() == 1 ? ids.get(0) : "",
                        selector.setName() + " " + selector.address() + " " + attrs,
                        push(caller, selector, ids, attrs)));
    }

    /**
     * If no destination matches, returns a failed stage instead of throwing, so that the history records the refusal.
     */
    private CompletionStage<Integer> push(
            OperationCaller caller, AddressSelector selector, List<String> ids, String attrs) {
        if (ids.isEmpty()) {
            boolean isSetKnown = !context.destinations()
                    .ofSet(new SetId(selector.partition(), selector.set()))
                    .isEmpty();
            return CompletableFuture.failedFuture(
                    isSetKnown
                            ? OperationException.unknown(
                                    "destination", selector.address(), "one of set " + selector.setName())
                            : OperationException.unknown("set", selector.setName(), "one with destinations"));
        }
        return context.whenShown(context.cluster().pushAttrs(ids, attrs, caller.text()))
                .thenApply(outcome -> ids.size());
    }

    private static List<String> ids(DestinationsSnapshot known, AddressSelector selector) {
        return known.ofSet(new SetId(selector.partition(), selector.set())).stream()
                .map(DestinationsSnapshot.KnownDestination::definition)
                .filter(one -> matches(one.destination(), selector))
                .map(Definition::id)
                .distinct()
                .toList();
    }

    private static boolean matches(Destination destination, AddressSelector selector) {
        SipUri uri = SipUri.parse(destination.uri());
        int port = uri.port() == SipUri.NO_PORT ? uri.defaultPort() : uri.port();
        return isSame(uri.host(), selector.ip()) && (selector.port() == 0 || selector.port() == port);
    }

    /**
     * Compares IP addresses by value, so that the notation of IPv6 does not matter; compares names case-insensitively.
     */
    static boolean isSame(String host, String wanted) {
        byte[] address = IpLiteral.parse(host);
        return address == null ? host.equalsIgnoreCase(wanted) : Arrays.equals(address, IpLiteral.parse(wanted));
    }
}
