package org.sipdispatch.orders;

import java.util.concurrent.TimeoutException;

/** An order that nobody took in time: it was not carried out, and will not be. */
public final class OrderNotExecutedException extends TimeoutException {
    private static final long serialVersionUID = 1;

    OrderNotExecutedException(String expected) {
        super("order: not carried out (expected: " + expected + ")");
    }
}
