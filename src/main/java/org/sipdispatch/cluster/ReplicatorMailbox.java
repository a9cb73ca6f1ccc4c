package org.sipdispatch.cluster;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.cluster.ddata.Replicator;
import akka.dispatch.Envelope;
import akka.dispatch.MailboxType;
import akka.dispatch.MessageQueue;
import akka.dispatch.UnboundedMailbox;
import akka.dispatch.UnboundedMessageQueueSemantics;
import com.typesafe.config.Config;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import scala.Option;

/**
 * The mailbox of a replicator of Akka Distributed Data, which has it tell its subscribers what has changed soon after a
 * message that may change something. By itself the replicator looks for changes at an interval, also if there are none.
 */
public final class ReplicatorMailbox implements MailboxType {
    private final Duration delay;

    /**
     * Called by Akka.
     *
     * @param dispatcher has {@code notify-after}, the longest time between a change and its notification
     */
    public ReplicatorMailbox(ActorSystem.Settings settings, Config dispatcher) {
        delay = dispatcher.getDuration("notify-after");
    }

    @Override
    public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
        boolean isReplicator = owner.isDefined() && !isAnonymous(owner.get());
        MessageQueue messages = new UnboundedMailbox.MessageQueue();
        return isReplicator && system.isDefined() ? new NotifyingQueue(messages, system.get()) : messages;
    }

    /** A replicator's children, one for each read or write, have no names. */
    private static boolean isAnonymous(ActorRef actor) {
        return actor.path().name().startsWith("$");
    }

    private final class NotifyingQueue implements MessageQueue, UnboundedMessageQueueSemantics {
        private final MessageQueue messages;
        private final ActorSystem system;
        private final AtomicBoolean willNotify = new AtomicBoolean();

        NotifyingQueue(MessageQueue messages, ActorSystem system) {
            this.messages = messages;
            this.system = system;
        }

        @Override
        public void enqueue(ActorRef receiver, Envelope envelope) {
            messages.enqueue(receiver, envelope);
            if (mayChangeSomething(envelope.message()) && willNotify.compareAndSet(false, true)) {
                notifyLater(receiver);
            }
        }

        private static boolean mayChangeSomething(Object message) {
            return message instanceof Replicator.Update
                    || message instanceof Replicator.Delete
                    || message instanceof Replicator.ReplicatorMessage && !(message instanceof Replicator.Get);
        }

        private void notifyLater(ActorRef replicator) {
            try {
                system.scheduler().scheduleOnce(delay, () -> notifyNow(replicator), system.dispatcher());
            } catch (IllegalStateException e) {
                // The actor system ends.
                willNotify.set(false);
            }
        }

        private void notifyNow(ActorRef replicator) {
            // First: a message that arrives from now on may be behind the notification.
            willNotify.set(false);
            replicator.tell(Replicator.flushChanges(), ActorRef.noSender());
        }

        @Override
        public Envelope dequeue() {
            return messages.dequeue();
        }

        @Override
        public int numberOfMessages() {
            return messages.numberOfMessages();
        }

        @Override
        public boolean hasMessages() {
            return messages.hasMessages();
        }

        @Override
        public void cleanUp(ActorRef owner, MessageQueue deadLetters) {
            messages.cleanUp(owner, deadLetters);
        }
    }
}
