package org.sipdispatch.transport;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.dispatch.Envelope;
import akka.dispatch.MailboxType;
import akka.dispatch.MessageQueue;
import akka.dispatch.ProducesMessageQueue;
import akka.io.Udp;
import com.typesafe.config.Config;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.Limits;
import scala.Option;

/** The mailbox of a lane's UDP sockets: drops and counts datagrams above a number or total size. */
final class SocketMailbox implements MailboxType, ProducesMessageQueue<SocketMailbox.Queue> {
    private final int mostMessages;
    private final long mostBytes;
    private final Limits limits;

    /** Called by Akka, which reads the class name from its configuration. */
    public SocketMailbox(ActorSystem.Settings settings, Config config) {
        mostMessages = config.getInt("mailbox-capacity");
        mostBytes = config.getBytes("mailbox-bytes");
        limits = LaneLimits.of(settings);
    }

    @Override
    public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
        return new Queue(this);
    }

    /** The datagrams that wait for one socket's actor. */
    public static final class Queue implements MessageQueue {
        private final SocketMailbox mailbox;
        private final ConcurrentLinkedQueue<Envelope> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicInteger messages = new AtomicInteger();
        private final AtomicLong bytes = new AtomicLong();

        private Queue(SocketMailbox mailbox) {
            this.mailbox = mailbox;
        }

        @Override
        public void enqueue(ActorRef receiver, Envelope envelope) {
            int size = size(envelope);
            if (size > 0 && (messages.get() >= mailbox.mostMessages || bytes.get() + size > mailbox.mostBytes)) {
                mailbox.limits.hit(
                        Limit.DATAGRAMS,
                        LaneInlet.monotonicMs(),
                        () -> messages.get() + " with " + bytes.get()
                                + " bytes (expected: at most " + mailbox.mostMessages + " with " + mailbox.mostBytes
                                + "); further ones were dropped");
                return;
            }
            messages.incrementAndGet();
            bytes.addAndGet(size);
            waiting.add(envelope);
        }

        @Override
        public Envelope dequeue() {
            Envelope next = waiting.poll();
            if (next != null) {
                messages.decrementAndGet();
                bytes.addAndGet(-size(next));
            }
            return next;
        }

        /** The size of a datagram, at least 1; 0 for other messages. */
        private static int size(Envelope envelope) {
            return envelope.message() instanceof Udp.Received datagram
                    ? Math.max(1, datagram.data().length())
                    : 0;
        }

        @Override
        public int numberOfMessages() {
            return messages.get();
        }

        @Override
        public boolean hasMessages() {
            return !waiting.isEmpty();
        }

        @Override
        public void cleanUp(ActorRef owner, MessageQueue deadLetters) {
            waiting.clear();
        }
    }
}
