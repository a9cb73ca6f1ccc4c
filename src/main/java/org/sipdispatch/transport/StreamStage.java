package org.sipdispatch.transport;

import akka.util.ByteString;
import org.sipdispatch.transaction.SendFailure;

/**
 * The step between the bytes on a connection and the bytes of its messages, such as TLS. Stages can be stacked: a stage
 * may be the owner of the one that is nearer to the network. All methods are called on the lane's thread.
 */
interface StreamStage {
    /** The connection as its stage sees it. */
    interface StreamListener {
        /** Bytes of messages have arrived; the array is the owner's from now on. */
        void arrived(byte[] bytes);

        /** A whole message has arrived, on a connection that keeps the bounds of messages; the array is the owner's. */
        default void arrivedWhole(byte[] message) {
            throw new UnsupportedOperationException("only the stage next to the messages has an owner that takes them");
        }

        /** The stage can take messages now, or has bytes of its own to write. */
        void writable();

        /** Nothing more can be read; the stage has a last output, after which it closes its own direction. */
        default void refused() {
            throw new UnsupportedOperationException("only the stage next to the messages has an owner that refuses");
        }

        /**
         * Nothing can be received or sent any more; the stage may have a last output.
         *
         * @param why null if the peer has announced that it sends nothing more
         */
        void ended(SendFailure why);

        /** Runs {@code work} on another thread, so that it does not delay calls, and then {@code then} on this one. */
        void offLane(Runnable work, Runnable then);
    }

    /** The connection is open. */
    void begin();

    void received(byte[] bytes);

    /** Whether messages can be written. */
    boolean isOpen();

    /** Whether more received bytes would have to wait. */
    boolean isBusy();

    /** Whether the stage has bytes of its own to write. */
    boolean hasOutput();

    /** One message as the stage takes it in {@link #write}. */
    default ByteString framed(byte[] message) {
        return ByteString.fromArrayUnsafe(message);
    }

    /** Whether no message can be written any more, while the connection is still open. */
    default boolean isClosed() {
        return false;
    }

    /** The bytes to write now: the stage's own, and then those for these messages; none unless the stage is open. */
    ByteString write(ByteString messages);

    /** Announces to the peer that nothing more is sent, see {@link #hasOutput}. */
    void close();

    /** The node stops: the last output tells the peer so, if the protocol can. */
    default void stopNode() {}

    /** Why the connection could not be opened, for operators; empty if there is no more to say than {@link #closed}. */
    default String failure() {
        return "";
    }

    /** The connection has closed; returns the failure of the requests that wait. */
    SendFailure closed();

    /** Called every second. */
    void checkTimeout(long nowMs);

    /** The bytes that the stage holds. */
    int held();
}
