package org.sipdispatch.transport;

import akka.util.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** The messages that a TCP connection has not sent: those that wait and those that Akka is writing. One thread only. */
final class UnsentMessages {
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private final List<byte[]> writes = new ArrayList<>();
    private long bytes;
    private long writingBytes;

    void add(byte[] message) {
        waiting.add(message);
        bytes += message.length;
    }

    /** The total size of all messages, in bytes. */
    long bytes() {
        return bytes;
    }

    boolean isWriting() {
        return !writes.isEmpty();
    }

    /** Whether messages wait that Akka is not writing yet. */
    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** All waiting messages, to be written now. */
    ByteString write() {
        ByteString all = akka.util.ByteString.emptyByteString();
        while (!waiting.isEmpty()) {
            byte[] next = waiting.poll();
            writes.add(next);
            all = all.concat(ByteString.fromArrayUnsafe(next));
        }
        writingBytes = bytes;
        return all;
    }

    /** Akka has written the last result of {@link #write}. */
    void written() {
        writes.clear();
        bytes -= writingBytes;
        writingBytes = 0;
    }

    /** Visits all messages in the order in which they were added. */
    void forEach(Consumer<byte[]> then) {
        writes.forEach(then);
        waiting.forEach(then);
    }
}
