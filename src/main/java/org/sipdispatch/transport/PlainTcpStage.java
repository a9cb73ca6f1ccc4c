package org.sipdispatch.transport;

import akka.util.ByteString;
import org.sipdispatch.transaction.SendFailure;

/** The stage of a plain TCP connection: its bytes are those of its messages. */
record PlainTcpStage(StreamStage.StreamListener owner) implements StreamStage {
    @Override
    public void begin() {}

    @Override
    public void received(byte[] bytes) {
        owner.arrived(bytes);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isBusy() {
        return false;
    }

    @Override
    public boolean hasOutput() {
        return false;
    }

    @Override
    public ByteString write(ByteString messages) {
        return messages;
    }

    @Override
    public void close() {}

    @Override
    public SendFailure closed() {
        return SendFailure.UNREACHABLE;
    }

    @Override
    public void checkTimeout(long nowMs) {}

    @Override
    public int held() {
        return 0;
    }
}
