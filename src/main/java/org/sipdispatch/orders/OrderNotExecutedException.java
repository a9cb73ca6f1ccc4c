package org.sipdispatch.orders;

import java.util.concurrent.TimeoutException;

/** An order that no actor executed in time: it will not be executed later either. */
public final class OrderNotExecutedException extends TimeoutException {
    private static final long serialVersionUID = 1;

    OrderNotExecutedException(String expected) {
        super("order: not executed (expected: " + expected + ")");
    }
}
