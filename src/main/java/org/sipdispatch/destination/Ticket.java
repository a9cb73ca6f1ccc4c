package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;

/**
 * Identifies an operator's order. It may be given more than once and is executed once; and it is executed only if the node
 * that gave it still waits for it, so that a message that was delayed on its way, or lay in the mailbox of a node that stood still,
 * changes nothing after its operator was told that it was not carried out.
 *
 * @param order identifies the order in the cluster; empty where the order needs no permission
 * @param giver is asked whether the order may be executed now; null where it needs no permission
 */
public record Ticket(String order, ActorRef<DestinationActor.MayExecute> giver) implements WireMessage {
    /** Of an order that is executed without asking. */
    public static final Ticket NONE = new Ticket("", null);

    boolean needsPermission() {
        return giver != null;
    }
}
