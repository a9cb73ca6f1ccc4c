package org.sipdispatch.manage;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sipdispatch.settings.BadSetting;
import org.sipdispatch.settings.Section;

/**
 * Where operators reach this node.
 *
 * @param enabled whether they do at all
 * @param host an address of this host
 * @param port 0 for any that is free
 */
public record ManageSettings(boolean enabled, String host, int port) {
    private static final int SECONDS_TO_BIND = 20;

    /** Reads the block {@code management}. */
    public static ManageSettings from(Section management) {
        ManageSettings settings = new ManageSettings(
                management.flag("enabled"), management.text("host"), management.integer("port", 0, 65_535));
        if (settings.host.isBlank()) {
            throw new BadSetting(management.path("host"), settings.host, "an address of this host");
        }
        management.refuseUnknown();
        return settings;
    }

    /**
     * Waits until operators can reach it.
     *
     * @throws BadSetting if the address or port cannot be had
     */
    public void awaitBound(CompletionStage<?> bound) {
        try {
            bound.toCompletableFuture().get(SECONDS_TO_BIND, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new BadSetting(
                    "management.port", host + ":" + port, "an address of this host with a port that is free");
        }
    }

    /** Whether only this host itself can reach it; others may look, but not change anything. */
    public boolean isLocal() {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
    }
}
