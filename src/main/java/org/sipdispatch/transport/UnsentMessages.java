package org.sipdispatch.transport;

import akka.util.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** The messages that a TCP connection has not sent: those that wait and those that Akka is writing. One thread only. */
final class UnsentMessages {
    private final Deque<TcpConnections.Send> waiting = new ArrayDeque<>();
    private final List<TcpConnections.Send> writes = new ArrayList<>();
    private long bytes;
    private long writingBytes;
    private boolean writing;
    private long senders;

    void add(TcpConnections.Send message) {
        senders |= 1L << message.from();
        waiting.add(message);
        bytes += message.bytes().length;
    }

    /** The total size of all messages, in bytes. */
    long bytes() {
        return bytes;
    }

    /** The lanes whose messages have been added so far, one bit each. */
    long senders() {
        return senders;
    }

    boolean isWriting() {
        return writing;
    }

    /** Whether messages wait that Akka is not writing yet. */
    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Begins to write: returns all waiting messages as the stage takes them; null if only other bytes are to be written. */
    ByteString write(Function<byte[], ByteString> framed) {
        writing = true;
        ByteString all = akka.util.ByteString.emptyByteString();
        if (framed == null) {
            return all;
        }
        while (!waiting.isEmpty()) {
            TcpConnections.Send next = waiting.poll();
            writes.add(next);
            all = all.concat(framed.apply(next.bytes()));
        }
        writingBytes = bytes;
        return all;
    }

    /** Akka has written the last result of {@link #write}. */
    void written() {
        writing = false;
        writes.clear();
        bytes -= writingBytes;
        writingBytes = 0;
    }

    /** Visits all messages in the order in which they were added. */
    void forEach(Consumer<TcpConnections.Send> then) {
        writes.forEach(then);
        waiting.forEach(then);
    }
}
