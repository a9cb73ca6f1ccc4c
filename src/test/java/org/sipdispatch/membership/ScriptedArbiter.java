package org.sipdispatch.membership;

/** Gives the same answer to every query. */
final class ScriptedArbiter implements Arbiter {
    ClaimResult result = ClaimResult.SILENT;
    /** Runs during a query for a decision. */
    Runnable meanwhile = () -> {};

    @Override
    public ClaimResult decide(String epoch, String side) {
        meanwhile.run();
        return result;
    }

    @Override
    public Heartbeat read(String cluster) {
        return new Heartbeat(result, "", 0);
    }

    @Override
    public ClaimResult renew(String cluster, String owner) {
        return result;
    }

    @Override
    public ClaimResult takeOver(String cluster, String owner, Heartbeat seen) {
        return result;
    }
}
