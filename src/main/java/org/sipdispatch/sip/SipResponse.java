package org.sipdispatch.sip;

/** A response that passed the checks of {@link SipParser}. */
public final class SipResponse extends SipMessage implements ParseResult {
    private final int status;

    SipResponse(byte[] bytes, int start, int end, int status) {
        super(bytes, start, end);
        this.status = status;
    }

    public int status() {
        return status;
    }

    public boolean isProvisional() {
        return status < 200;
    }

    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}
