package org.sipdispatch.settings;

/** Recognises host names and addresses that only this host reaches, without a query to a name server. */
public final class LoopbackName {
    private LoopbackName() {}

    /** Whether the text is {@code localhost}, {@code ::1} or an address {@code 127.x}. */
    public static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("::1")
                || host.equals("[::1]")
                || host.matches("127(\\.\\d{1,3}){3}");
    }
}
