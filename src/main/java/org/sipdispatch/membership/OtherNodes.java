package org.sipdispatch.membership;

import akka.actor.ActorRef;
import akka.actor.Address;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import java.util.List;

/** Actors of other nodes that are found by their names, without the receptionist: it knows members of the cluster only. */
public final class OtherNodes {
    /** Nodes of versions before this one have such actors under {@code /system}. */
    private static final List<String> PARENTS = List.of("/user/", "/system/");

    private OtherNodes() {}

    /** Sends a message to the child of that node's guardian; it is lost where the node or the actor is not there. */
    public static void tell(ActorSystem<?> system, Address node, String name, Object message) {
        PARENTS.forEach(parent ->
                Adapter.toClassic(system).actorSelection(node + parent + name).tell(message, ActorRef.noSender()));
    }
}
