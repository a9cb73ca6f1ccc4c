package org.sipdispatch.transport;

import java.nio.ByteBuffer;

/** The buffers for one record that the TLS connections of a lane share. One thread only. */
final class TlsBuffers {
    private static final int RECORD = 17 * 1024;

    private ByteBuffer sealed = ByteBuffer.allocate(RECORD);
    private ByteBuffer opened = ByteBuffer.allocate(RECORD);

    /** An empty buffer for the record to send. */
    ByteBuffer sealed() {
        return sealed.clear();
    }

    /** An empty buffer for the content of a received record. */
    ByteBuffer opened() {
        return opened.clear();
    }

    void enlargeSealed(int size) {
        sealed = ByteBuffer.allocate(Math.max(size, 2 * sealed.capacity()));
    }

    void enlargeOpened(int size) {
        opened = ByteBuffer.allocate(Math.max(size, 2 * opened.capacity()));
    }
}
