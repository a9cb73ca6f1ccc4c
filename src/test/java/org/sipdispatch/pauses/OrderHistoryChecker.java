package org.sipdispatch.pauses;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Checks whether the orders to one destination are linearizable: each hold and each release is one write to a register.
 * An order with the outcome OK takes effect between its start and its response. A failed order never does. An order
 * with an unknown outcome takes effect before its response or never. The versions of the observed states determine the
 * order of the writes. Nothing but an order begins or ends a hold.
 */
public final class OrderHistoryChecker {
    /** Nodes report times in milliseconds of the wall clock. */
    private static final long TOLERANCE_NS = 50_000_000;

    /** A state that an order caused, and the period in which it can have started. */
    private static final class Effect {
        private final RecordedOrder order;
        private final StateSeen seen;
        private long earliestNs;
        private long latestNs;

        Effect(RecordedOrder order, StateSeen seen) {
            this.order = order;
            this.seen = seen;
        }
    }

    private final Map<String, RecordedOrder> orders;
    private final List<Effect> effects = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();

    private OrderHistoryChecker(Collection<RecordedOrder> orders) {
        this.orders = orders.stream().collect(Collectors.toMap(RecordedOrder::id, Function.identity()));
    }

    /**
     * The violations, one line each.
     *
     * @param orders all orders to the destination, which was not on hold before
     * @param seen all observed states of the destination that are not marked as superseded
     * @param last the final state of the destination
     */
    public static List<String> violations(
            Collection<RecordedOrder> orders, Collection<StateSeen> seen, StateSeen last) {
        OrderHistoryChecker checker = new OrderHistoryChecker(orders);
        checker.findEffects(seen);
        checker.effects.forEach(checker::check);
        checker.boundTimes();
        checker.orders.values().stream().filter(checker::hasNoEffect).forEach(checker::checkNoChange);
        checker.checkLast(last);
        return checker.violations;
    }

    private void findEffects(Collection<StateSeen> seen) {
        Map<StateVersion, StateSeen> byVersion = new TreeMap<>();
        List<StateSeen> ofActors = seen.stream()
                .filter(one -> one.version().isOfAnActor() && !isOfLostActor(one))
                .toList();
        for (StateSeen one : ofActors) {
            StateSeen other = byVersion.putIfAbsent(one.version(), one);
            boolean differs = other != null && (!other.order().equals(one.order()) || other.held() != one.held());
            if (differs && mayBeLost(other)) {
                byVersion.put(one.version(), one);
            } else if (differs && !mayBeLost(one)) {
                violations.add("one version, two states: " + other + " and " + one);
            }
        }
        Set<String> met = new HashSet<>();
        String before = "";
        List<StateSeen> inOrder = List.copyOf(byVersion.values());
        HoldChanges changes = new HoldChanges();
        for (int i = 0; i < inOrder.size(); i++) {
            StateSeen one = inOrder.get(i);
            boolean isSuperseded = isSuperseded(one, inOrder.subList(i + 1, inOrder.size()), before);
            if (orders.containsKey(one.order()) && !one.order().equals(before) && !isSuperseded) {
                if (met.add(one.order())) {
                    effects.add(new Effect(orders.get(one.order()), one));
                } else {
                    violations.add("came back after " + before + ": " + one);
                }
                before = one.order();
            }
            changes.next(one, isSuperseded);
        }
    }

    /** Reports each state that begins or ends a hold without an order that asks for it. */
    private final class HoldChanges {
        private StateSeen last = new StateSeen("", new StateVersion(0, 0), false, StateSeen.UNKNOWN, "the start");
        private boolean isLastSuperseded;
        private boolean heldBefore;

        void next(StateSeen one, boolean isSuperseded) {
            boolean isNextActor = one.version().term() > last.version().term();
            boolean isByOrder = orders.containsKey(one.order()) && !one.order().equals(last.order());
            boolean isLoss = isLastSuperseded && isNextActor && one.held() == heldBefore;
            if (one.held() != last.held() && !isByOrder && !isLoss) {
                violations.add(
                        "a hold " + (one.held() ? "began" : "ended") + " without an order: " + one + " after " + last);
            }
            isLastSuperseded = isSuperseded || isLastSuperseded && !isNextActor && !isByOrder;
            if (!isLastSuperseded) {
                heldBefore = one.held();
            }
            last = one;
        }
    }

    /**
     * The last changes of an actor may be lost if the next actor continues with an older status: one that no order has
     * caused, or that the order {@code before} has. The order then has no response, or the next actor has executed it
     * too.
     */
    private boolean isSuperseded(StateSeen one, List<StateSeen> later, String before) {
        return mayBeLost(one)
                && later.stream()
                        .filter(next -> next.version().term() > one.version().term())
                        .findFirst()
                        .filter(next -> next.order().equals(before) || !orders.containsKey(next.order()))
                        .isPresent();
    }

    /**
     * Whether no response says that the order of this state was executed with this version. Another actor may then have
     * begun the same term, without knowing of the change.
     */
    private boolean mayBeLost(StateSeen one) {
        RecordedOrder order = orders.get(one.order());
        return order != null
                && (order.outcome() == RecordedOrder.Outcome.UNKNOWN || isExecutedLater(order, one.version()));
    }

    /**
     * Whether a response shows that this version was that of another actor, which has begun the same term without knowing
     * of this state.
     */
    private boolean isOfLostActor(StateSeen one) {
        return mayBeLost(one)
                && orders.values().stream()
                        .anyMatch(order -> order.outcome() == RecordedOrder.Outcome.OK
                                && one.version().equals(order.seen())
                                && order.holds() != one.held()
                                && !order.answer().endsWith(" " + one.order()));
    }

    private static boolean isExecutedLater(RecordedOrder order, StateVersion version) {
        return order.outcome() == RecordedOrder.Outcome.OK
                && order.seen() != null
                && order.seen().term() > version.term();
    }

    private void check(Effect effect) {
        RecordedOrder order = effect.order;
        if (order.outcome() == RecordedOrder.Outcome.FAILED) {
            violations.add(order.id() + " was answered as failed (" + order.answer() + ") and done: " + effect.seen);
        }
        if (order.holds() != effect.seen.held()) {
            violations.add(order.id() + " was a " + order.kind() + " and made " + effect.seen);
        }
        long atNs = effect.seen.atNs();
        if (atNs != StateSeen.UNKNOWN
                && order.answeredNs() != RecordedOrder.NO_ANSWER
                && atNs - order.answeredNs() > TOLERANCE_NS) {
            violations.add("%s was done %d ms after its answer (%s): %s"
                    .formatted(order.id(), (atNs - order.answeredNs()) / 1_000_000, order.answer(), effect.seen));
        }
    }

    /** Each effect starts no earlier than the effects before it, and no later than those after it. */
    private void boundTimes() {
        long earliest = Long.MIN_VALUE;
        for (Effect effect : effects) {
            earliest = Math.max(earliest, effect.order.invokedNs());
            effect.earliestNs = earliest;
            if (earliest > effect.order.answeredNs()) {
                violations.add("%s is behind an order that was given %d ms after its answer: %s"
                        .formatted(effect.order.id(), (earliest - effect.order.answeredNs()) / 1_000_000, effect.seen));
            }
        }
        long latest = Long.MAX_VALUE;
        for (int i = effects.size() - 1; i >= 0; i--) {
            latest = Math.min(latest, effects.get(i).order.answeredNs());
            effects.get(i).latestNs = latest;
        }
    }

    private boolean hasNoEffect(RecordedOrder order) {
        return effects.stream().noneMatch(effect -> effect.order == order);
    }

    /** An executed order without a change found the destination in the requested state already. */
    private void checkNoChange(RecordedOrder order) {
        if (order.outcome() != RecordedOrder.Outcome.OK) {
            return;
        }
        for (int i = -1; i < effects.size(); i++) {
            if (isAnsweredIn(i, order) && held(i) == order.holds() && meets(i, order)) {
                return;
            }
        }
        violations.add(order.id() + " (" + order.kind() + ") was answered OK "
                + (order.seen() == null ? "" : "with version " + order.seen())
                + " and is lost: no state shows it, and at no time until its answer was it so already");
    }

    /** Whether the version in the response belongs to the time of that effect; -1 is the time before all effects. */
    private boolean isAnsweredIn(int effect, RecordedOrder order) {
        StateVersion seen = order.seen();
        return seen == null
                || (effect < 0 || effects.get(effect).seen.version().compareTo(seen) <= 0)
                        && (effect + 1 >= effects.size()
                                || effects.get(effect + 1).seen.version().compareTo(seen) > 0);
    }

    private boolean held(int effect) {
        return effect >= 0 && effects.get(effect).order.holds();
    }

    private boolean meets(int effect, RecordedOrder order) {
        long from = effect < 0 ? Long.MIN_VALUE : effects.get(effect).earliestNs;
        long until = effect + 1 < effects.size() ? effects.get(effect + 1).latestNs : Long.MAX_VALUE;
        return order.invokedNs() <= until && order.answeredNs() >= from;
    }

    private void checkLast(StateSeen last) {
        boolean held = held(effects.size() - 1);
        String by =
                effects.isEmpty() ? "" : effects.get(effects.size() - 1).order.id();
        boolean another = orders.containsKey(last.order()) && !last.order().equals(by);
        if (last.held() != held || another) {
            violations.add("the last state is " + last + ", but the last effect "
                    + (effects.isEmpty() ? "is none" : effects.get(effects.size() - 1).seen));
        }
    }
}
