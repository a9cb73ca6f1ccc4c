package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.sets.Target;
import org.sipdispatch.sets.TargetAddresses;

/**
 * The targets of a destination whose name has several addresses, each with a status of its own. A destination whose name
 * has never had more than one address has none. Immutable.
 */
public final class Targets {
    /** Those of a destination without targets. */
    public static final Targets NONE = new Targets(List.of(), "", Change.NONE, false);

    /** The failure of a name without addresses. */
    static final String NO_ADDRESS = "no address";
    /** Who changes the list of targets. */
    static final String DNS = "dns";
    /** Further addresses of a name are not used. */
    static final int MOST = 32;

    /** How the text begins that stands for the targets among orders. No order begins with a line break. */
    private static final String TEXT = "\ntargets\n";

    /** The same for the failure of a name without targets. */
    private static final String FAILURE_TEXT = "\ndns\n";

    private static final int FIELDS = 10;
    private static final String HELD = "h";
    private static final String PROBING = "p";
    private static final String BUSY = "b";

    /**
     * A target and its status.
     *
     * @param status without a version: the version of the destination's status orders the changes
     */
    public record TargetStatus(Target target, Status status) {
        /** See {@link Target#name()}. */
        public String name() {
            return target.name();
        }

        private TargetStatus with(Status other) {
            return new TargetStatus(target, other.withVersion(StatusVersion.NONE));
        }
    }

    /**
     * The last change that operators see.
     *
     * @param who {@code probe}, {@code traffic}, {@code dns} or an operator
     * @param text a sentence
     * @param atMs in milliseconds since 1970; 0 for no change
     */
    public record Change(String who, String text, long atMs) {
        static final Change NONE = new Change("", "", 0);

        /** Those of the same moment as one change. */
        static Change of(List<Change> all, long atMs) {
            String texts = all.stream().map(Change::text).collect(Collectors.joining("; "));
            return new Change(cleaned(all.get(0).who), cleaned(texts), atMs);
        }
    }

    private final List<TargetStatus> all;
    private final String failure;
    private final Change last;
    /** Whether there has been no target yet, so that the destination does not follow from them. */
    private final boolean never;
    /** Null until it is needed. */
    private TargetAddresses addresses;

    private Targets(List<TargetStatus> all, String failure, Change last, boolean never) {
        this.all = List.copyOf(all);
        this.failure = failure;
        this.last = last;
        this.never = never;
    }

    /** Those of a name without targets, with what DNS has answered. */
    static Targets none(FoundTargets found) {
        return none(found.failure().isEmpty() && found.targets().isEmpty() ? NO_ADDRESS : found.failure());
    }

    /** The same with this failure; empty for none. */
    static Targets none(String failure) {
        return failure.isEmpty() ? NONE : new Targets(List.of(), failure, Change.NONE, true);
    }

    public Change last() {
        return last;
    }

    Targets withLast(List<Change> changes, long atMs) {
        return new Targets(all, failure, Change.of(changes, atMs), false);
    }

    public boolean isNone() {
        return never || all.isEmpty() && failure.isEmpty();
    }

    /** Whether there is nothing to tell, neither targets nor a failure of DNS. */
    public boolean isEmpty() {
        return all.isEmpty() && failure.isEmpty();
    }

    /** All targets: by priority, those of equal priority by name. */
    public List<TargetStatus> all() {
        return all;
    }

    /** Why these may not be the present addresses of the name, or why there are none; empty if DNS has answered. */
    public String failure() {
        return failure;
    }

    /** The target with this name; null if there is none. */
    public TargetStatus find(String name) {
        return all.stream().filter(one -> one.name().equals(name)).findFirst().orElse(null);
    }

    /** The targets that new requests are sent to; if none is usable, all that are not on hold. */
    public List<Target> serving() {
        List<Target> usable = those(one -> one.status().takesTraffic());
        return usable.isEmpty() ? those(one -> !one.status().held()) : usable;
    }

    /** Whether traffic uses both in the same way. */
    public boolean isSameForTraffic(Targets other) {
        return this == other
                || serving().equals(other.serving()) && those(one -> true).equals(other.those(one -> true));
    }

    private List<Target> those(Predicate<TargetStatus> which) {
        return all.stream().filter(which).map(TargetStatus::target).toList();
    }

    /** The addresses of {@link #serving}; null if there are no targets at all. */
    public TargetAddresses addresses() {
        if (addresses == null && !isNone()) {
            addresses = TargetAddresses.of(serving(), those(one -> true));
        }
        return addresses;
    }

    /** Whether any target is Active. */
    boolean isAnyActive() {
        return active().findAny().isPresent();
    }

    /** Whether some targets are Active, and all of these are busy. */
    boolean isBusy() {
        return isAnyActive() && active().allMatch(Status::busy);
    }

    /** The failures of the best Active target; if none is Active, those of the best one that is not on hold. */
    int failures() {
        Stream<Status> these = isAnyActive() ? active() : statuses().filter(status -> !status.held());
        return these.mapToInt(Status::failures).min().orElse(0);
    }

    /** The most successes of a target that is Probing; 0 if any target is Active. */
    int successes() {
        return isAnyActive() ? 0 : statuses().mapToInt(Status::successes).max().orElse(0);
    }

    private Stream<Status> active() {
        return statuses().filter(status -> status.state() == DestinationState.ACTIVE);
    }

    private Stream<Status> statuses() {
        return all.stream().map(TargetStatus::status);
    }

    /** The same with another status of one target. */
    Targets with(String name, Status status) {
        return changed(one -> one.name().equals(name) ? one.with(status) : one);
    }

    /** An operator sets the state of all targets; those on hold stay on hold, and a hold of all is none of a target. */
    Targets set(DestinationState state, String operator, String reason, long nowMs) {
        return state == DestinationState.INACTIVE
                ? this
                : changed(
                        one -> one.status().held() ? one : one.with(one.status().set(state, operator, reason, nowMs)));
    }

    /** The same with the holds that other targets of the same names have. */
    Targets heldAs(Targets others) {
        return changed(one -> {
            TargetStatus other = others.find(one.name());
            return other == null ? one : one.with(one.status().heldAs(other.status()));
        });
    }

    private Targets changed(UnaryOperator<TargetStatus> change) {
        return isNone() ? this : new Targets(all.stream().map(change).toList(), failure, last, false);
    }

    /**
     * The targets after an answer of DNS: those that stay keep their status. If the name servers could not be asked, and
     * their last answer is too old, all stay; if they could not be asked for some hosts, the targets of these.
     *
     * @param initial the status of new targets
     */
    Targets found(FoundTargets found, Status initial) {
        if (found.targets().isEmpty() && !found.failure().isEmpty()) {
            return new Targets(all, found.failure(), last, false);
        }
        Map<String, Target> byName = new LinkedHashMap<>();
        Stream<Target> open = those(one -> found.leavesOpen(one.target())).stream();
        Stream.concat(found.targets().stream(), open)
                .sorted(Target.ORDER)
                .forEach(target -> byName.putIfAbsent(target.name(), target));
        List<TargetStatus> now = byName.values().stream()
                .limit(MOST)
                .map(target -> {
                    TargetStatus known = find(target.name());
                    return new TargetStatus(
                            target, known == null ? initial.withVersion(StatusVersion.NONE) : known.status());
                })
                .toList();
        return new Targets(now, now.isEmpty() ? NO_ADDRESS : found.failure(), last, false);
    }

    /** The cause of a change of the destination's state by an answer of DNS. */
    String reason() {
        return all.isEmpty() ? failure : isAnyActive() ? "new address" : "no usable address";
    }

    /** A reason of an earlier change; if it names a target of before that is gone, it says so. */
    String reason(String earlier, Targets before) {
        boolean isOfFormer = before.all.stream()
                .map(TargetStatus::name)
                .anyMatch(name -> find(name) == null && earlier.startsWith(name + ": "));
        return isOfFormer ? "former target " + earlier : earlier;
    }

    /** What operators see of the changes since other targets of the same destination. */
    List<Change> changesSince(Targets before, long nowMs) {
        List<Change> changes = new ArrayList<>();
        for (TargetStatus one : all) {
            TargetStatus old = before.find(one.name());
            Status status = one.status();
            if (old == null) {
                changes.add(new Change(DNS, "target " + one.name() + " is new, " + shown(status), nowMs));
            } else if (!status.hasSameVisibleState(old.status())) {
                String reason = status.why().isEmpty() ? "" : ": " + status.why();
                String text = "target " + one.name() + " is " + shown(status) + ", was " + shown(old.status());
                changes.add(new Change(status.who(), text + reason, nowMs));
            }
        }
        before.all.stream()
                .filter(old -> find(old.name()) == null)
                .forEach(old -> changes.add(
                        new Change(DNS, "target " + old.name() + " is no address of the name any more", nowMs)));
        boolean isTold = !isNone() || !before.isNone();
        if (isTold && !failure.equals(before.failure)) {
            changes.add(new Change(DNS, failure.isEmpty() ? "DNS answers again" : "DNS: " + failure, nowMs));
        }
        return changes;
    }

    private static String shown(Status status) {
        return status.state().text() + (status.busy() ? " and busy" : "");
    }

    /** The targets in a text among these; none if there is no such text. */
    static Targets among(List<String> texts) {
        return texts.stream()
                .filter(Targets::isText)
                .findFirst()
                .map(text -> text.startsWith(TEXT) ? parse(text) : none(text.substring(FAILURE_TEXT.length())))
                .orElse(NONE);
    }

    /** The other texts. */
    static List<String> withoutTargets(List<String> texts) {
        return texts.stream().noneMatch(Targets::isText)
                ? texts
                : texts.stream().filter(text -> !isText(text)).toList();
    }

    private static boolean isText(String text) {
        return text.startsWith(TEXT) || text.startsWith(FAILURE_TEXT);
    }

    /** The targets as a text, which {@link Status} reads from among its orders. */
    public String text() {
        if (never) {
            return FAILURE_TEXT + cleaned(failure);
        }
        return TEXT
                + String.join("\t", cleaned(failure), last.who(), last.text(), String.valueOf(last.atMs()))
                + all.stream().map(one -> "\n" + line(one)).collect(Collectors.joining());
    }

    private static String line(TargetStatus one) {
        Target target = one.target();
        Status status = one.status();
        return String.join(
                "\t",
                target.name(),
                cleaned(target.host()),
                String.valueOf(target.priority()),
                String.valueOf(target.weight()),
                "-" + (status.held() ? HELD : "") + (status.probing() ? PROBING : "") + (status.busy() ? BUSY : ""),
                String.valueOf(status.failures()),
                String.valueOf(status.successes()),
                String.valueOf(status.sinceMs()),
                cleaned(status.who()),
                cleaned(status.why()));
    }

    private static String cleaned(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    /** A line that cannot be read, as a later release may write it, is left out. */
    private static Targets parse(String text) {
        String[] lines = text.substring(TEXT.length()).split("\n", -1);
        List<TargetStatus> all = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            TargetStatus one = parseLine(lines[i].split("\t", -1));
            if (one != null) {
                all.add(one);
            }
        }
        String[] first = lines[0].split("\t", -1);
        return new Targets(all, first[0], parseChange(first), false);
    }

    private static Change parseChange(String[] fields) {
        try {
            return fields.length < 4 ? Change.NONE : new Change(fields[1], fields[2], Long.parseLong(fields[3]));
        } catch (NumberFormatException e) {
            return Change.NONE;
        }
    }

    private static TargetStatus parseLine(String[] fields) {
        if (fields.length < FIELDS || Target.address(fields[0]) == null) {
            return null;
        }
        try {
            Target target = new Target(
                    Target.address(fields[0]),
                    fields[1],
                    Integer.parseInt(fields[2]),
                    Integer.parseInt(fields[3]),
                    Target.transport(fields[0]));
            Status status = new Status(
                    StatusVersion.NONE,
                    fields[4].contains(HELD),
                    fields[4].contains(PROBING),
                    fields[4].contains(BUSY),
                    Integer.parseInt(fields[5]),
                    Integer.parseInt(fields[6]),
                    false,
                    Long.parseLong(fields[7]),
                    fields[8],
                    fields[9]);
            return new TargetStatus(target, status);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Targets targets
                && all.equals(targets.all)
                && failure.equals(targets.failure)
                && never == targets.never
                && last.equals(targets.last);
    }

    @Override
    public int hashCode() {
        return Objects.hash(all, failure, last);
    }

    @Override
    public String toString() {
        return "Targets" + all + failure;
    }
}
