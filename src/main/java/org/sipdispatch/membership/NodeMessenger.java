package org.sipdispatch.membership;

import akka.actor.ActorRef;
import akka.actor.Address;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import java.util.List;

/**
 * Sends messages to actors of other nodes by name. The receptionist is not used because it knows only members of the
 * cluster.
 */
public final class NodeMessenger {
    /** Nodes of versions before this one have such actors under {@code /system}. */
    private static final List<String> PARENTS = List.of("/user/", "/system/");

    private NodeMessenger() {}

    /** The same for an actor that nodes of earlier versions do not have. */
    public static void tellChild(ActorSystem<?> system, Address node, String name, Object message) {
        Adapter.toClassic(system).actorSelection(node + PARENTS.get(0) + name).tell(message, ActorRef.noSender());
    }

    /** Sends a message to a child of the node's guardian; it is lost if the node or the actor does not exist. */
    public static void tell(ActorSystem<?> system, Address node, String name, Object message) {
        PARENTS.forEach(parent ->
                Adapter.toClassic(system).actorSelection(node + parent + name).tell(message, ActorRef.noSender()));
    }
}
