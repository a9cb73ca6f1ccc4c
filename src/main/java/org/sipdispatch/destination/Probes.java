package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All pings of a destination: of each target if it has any, otherwise of the destination itself. Each target has pings,
 * failures and a schedule of its own. Not thread-safe.
 */
final class Probes {
    /** The actor of the destination. */
    interface Owner {
        Status status();

        /** Null until the destination is defined. */
        ProbePlan plan();

        Definition definition();

        /** Applies a result; {@code success}: whether it showed that the destination answers. */
        void apply(Status next, boolean success);

        /** An inquiry has ended and was applied. */
        void ended();
    }

    private final DestinationActorContext destination;
    private final Owner owner;
    private final ProbeCycle own;
    private final Map<String, ProbeCycle> ofTargets = new LinkedHashMap<>();
    private long inquiries;

    Probes(DestinationActorContext destination, Owner owner) {
        this.destination = destination;
        this.owner = owner;
        own = new ProbeCycle(destination, "", new WholeDestination());
    }

    private final class WholeDestination implements ProbeCycle.Subject {
        @Override
        public Status status() {
            return owner.status();
        }

        @Override
        public ProbePlan plan() {
            return owner.plan();
        }

        @Override
        public PingSchedule slots() {
            boolean pings = plan() != null && !hasTargets() && plan().pings(status());
            return pings ? Probes.this.slots(status(), 0, 1) : null;
        }

        @Override
        public long nextInquiry() {
            return ++inquiries;
        }

        @Override
        public void apply(Status next, boolean success) {
            owner.apply(next, success);
        }

        @Override
        public void ended() {
            owner.ended();
        }
    }

    private final class OneTarget implements ProbeCycle.Subject {
        private final String name;

        OneTarget(String name) {
            this.name = name;
        }

        @Override
        public Status status() {
            return owner.status().targets().find(name).status();
        }

        @Override
        public ProbePlan plan() {
            return owner.plan();
        }

        /** A hold of the destination holds all its targets. */
        @Override
        public PingSchedule slots() {
            Status whole = owner.status();
            if (whole.held() || whole.removed() || plan() == null || !plan().pings(status())) {
                return null;
            }
            List<String> names = whole.targets().all().stream()
                    .map(Targets.TargetStatus::name)
                    .toList();
            return Probes.this.slots(status(), names.indexOf(name), names.size());
        }

        @Override
        public long nextInquiry() {
            return ++inquiries;
        }

        @Override
        public void apply(Status next, boolean success) {
            Status whole = owner.status();
            // A hold of the destination ends all pings; a late observation changes nothing.
            owner.apply(whole.held() ? whole : whole.withTarget(name, next, destination.nowMs()), success);
        }

        @Override
        public void ended() {
            owner.ended();
        }
    }

    /** The targets share the slots of their destination evenly. */
    private PingSchedule slots(Status status, int index, int targets) {
        Definition definition = owner.definition();
        int places = Math.max(1, definition.places()) * targets;
        return new PingSchedule(owner.plan().intervalMs(status), definition.place() * targets + index, places);
    }

    private boolean hasTargets() {
        return !owner.status().targets().isNone();
    }

    private Collection<ProbeCycle> cycles() {
        return hasTargets() ? List.copyOf(ofTargets.values()) : List.of(own);
    }

    private ProbeCycle open(long inquiry) {
        return cycles().stream()
                .filter(cycle -> cycle.isOpen(inquiry))
                .findFirst()
                .orElse(null);
    }

    /** Schedules the pings again, also those of new targets; those of former targets end. */
    void schedule() {
        Targets targets = owner.status().targets();
        for (String name : List.copyOf(ofTargets.keySet())) {
            if (targets.find(name) == null) {
                stop(ofTargets.remove(name));
            }
        }
        if (!targets.isNone() && own.isPending()) {
            stop(own);
        }
        targets.all()
                .forEach(one -> ofTargets.computeIfAbsent(
                        one.name(), name -> new ProbeCycle(destination, name, new OneTarget(name))));
        own.schedule();
        ofTargets.values().forEach(ProbeCycle::schedule);
    }

    private void stop(ProbeCycle cycle) {
        boolean isPending = cycle.isPending();
        cycle.stop();
        if (isPending) {
            owner.ended();
        }
    }

    void pingSoon(StatusVersion before, Definition definition) {
        cycles().forEach(cycle -> cycle.pingSoon(before, definition));
    }

    /** {@code target}: empty for the destination itself. */
    void onPingDue(String target) {
        ProbeCycle cycle = target.isEmpty() ? own : ofTargets.get(target);
        if (cycle != null) {
            cycle.onPingDue();
        }
    }

    /** Sends a ping to each address, except where one is pending. */
    void pingNow() {
        cycles().forEach(ProbeCycle::pingUnlessPending);
    }

    boolean isPending() {
        return cycles().stream().anyMatch(ProbeCycle::isPending);
    }

    /** Ignores the results of pending inquiries. */
    void abandon() {
        own.abandon();
        ofTargets.values().forEach(ProbeCycle::abandon);
    }

    /** {@code node}: the node whose traffic is observed. */
    void observe(Observation seen, String node) {
        if (!hasTargets()) {
            own.observe(seen, node);
        } else if (ofTargets.containsKey(seen.target())) {
            ofTargets.get(seen.target()).observe(seen, node);
        } else if (seen.target().isEmpty() && seen.holds()) {
            // The other node does not know the targets yet. Without a hold the pings of the targets decide.
            long nowMs = destination.nowMs();
            owner.apply(owner.status().observed(seen, owner.plan().limits(), true, nowMs), false);
        }
    }

    void onPinged(long inquiry, PingResult result) {
        ProbeCycle cycle = open(inquiry);
        if (cycle != null) {
            cycle.onPinged(result);
        }
    }

    void onPeerProbed(long inquiry, PeerProbeResult opinion) {
        ProbeCycle cycle = open(inquiry);
        if (cycle != null) {
            cycle.onPeerProbed(opinion);
        }
    }

    void onPeerProbeTimeout(long inquiry) {
        ProbeCycle cycle = open(inquiry);
        if (cycle != null) {
            cycle.onPeerProbeTimeout();
        }
    }

    /** The result of the last ping that has one; null if there is none. */
    PingResult lastPing() {
        return cycles().stream()
                .filter(cycle -> cycle.lastPing() != null)
                .max(Comparator.comparingLong(ProbeCycle::lastPingAtMs))
                .map(ProbeCycle::lastPing)
                .orElse(null);
    }

    long lastPingAtMs() {
        return cycles().stream().mapToLong(ProbeCycle::lastPingAtMs).max().orElse(0);
    }

    /** 0 if none is due. */
    long nextPingAtMs() {
        return cycles().stream()
                .mapToLong(ProbeCycle::nextPingAtMs)
                .filter(atMs -> atMs > 0)
                .min()
                .orElse(0);
    }

    List<PeerProbeResult> peerResults() {
        List<PeerProbeResult> all = new ArrayList<>();
        cycles().forEach(cycle -> all.addAll(cycle.peerResults()));
        return all;
    }

    boolean isDisputed() {
        return cycles().stream().anyMatch(ProbeCycle::isDisputed);
    }
}
