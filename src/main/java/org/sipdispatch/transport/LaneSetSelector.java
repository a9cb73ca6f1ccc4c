package org.sipdispatch.transport;

import akka.actor.typed.ActorRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sipdispatch.proxy.SetSelector;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.Ranking;
import org.sipdispatch.sets.SelectContext;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SetActor;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sets.TargetAddresses;

/** The set actors of one lane. One thread only. */
final class LaneSetSelector implements SetSelector {
    private final DestinationFacts facts;
    private final Map<SetId, ActorRef<SetActor.Command>> actors = new HashMap<>();
    /** The latest view of each set. */
    private final Map<SetId, SetView> views = new HashMap<>();
    /** The addresses of the targets of those members that have any, by set and altogether. */
    private final Map<SetId, Map<Destination, TargetAddresses>> targetsBySet = new HashMap<>();

    private final Map<Destination, TargetAddresses> targets = new IdentityHashMap<>();
    private long targetChanges;
    /** All members; null if they must be collected again. */
    private List<Destination> destinations;

    private ActorRef<SetActor.Selected> replyTo;

    LaneSetSelector(DestinationFacts facts) {
        this.facts = facts;
    }

    void setReplyTargets(ActorRef<SetActor.Selected> lane) {
        replyTo = lane;
    }

    /** Applies new definitions: new sets get an actor, known sets a new view; the actors of the others stop. */
    void replace(Collection<SetView> defined, Function<SetView, ActorRef<SetActor.Command>> spawn) {
        Set<SetId> wanted = defined.stream().map(SetView::id).collect(Collectors.toSet());
        for (Iterator<Map.Entry<SetId, ActorRef<SetActor.Command>>> all =
                        actors.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<SetId, ActorRef<SetActor.Command>> one = all.next();
            if (!wanted.contains(one.getKey())) {
                one.getValue().tell(SetActor.Stop.INSTANCE);
                views.remove(one.getKey());
                setTargets(one.getKey(), Map.of());
                destinations = null;
                all.remove();
            }
        }
        defined.forEach(view -> update(view, spawn));
    }

    /** Applies the view of one set: a new set gets an actor, a known one the new view. */
    void update(SetView view, Function<SetView, ActorRef<SetActor.Command>> spawn) {
        SetView before = views.put(view.id(), view);
        if (before == null || !before.hasMembersOf(view)) {
            destinations = null;
        }
        setTargets(view.id(), targetsOf(view));
        ActorRef<SetActor.Command> known = actors.get(view.id());
        if (known == null) {
            actors.put(view.id(), spawn.apply(view));
        } else {
            known.tell(new SetActor.Replace(view));
        }
    }

    private void setTargets(SetId set, Map<Destination, TargetAddresses> now) {
        Map<Destination, TargetAddresses> before = targetsBySet.getOrDefault(set, Map.of());
        if (before.equals(now)) {
            return;
        }
        targetChanges++;
        before.keySet().forEach(targets::remove);
        targets.putAll(now);
        if (now.isEmpty()) {
            targetsBySet.remove(set);
        } else {
            targetsBySet.put(set, now);
        }
    }

    private static Map<Destination, TargetAddresses> targetsOf(SetView view) {
        if (!view.hasTargets()) {
            return Map.of();
        }
        Map<Destination, TargetAddresses> all = new IdentityHashMap<>();
        for (int i = 0; i < view.size(); i++) {
            if (view.targets(i) != null) {
                all.put(view.member(i), view.targets(i));
            }
        }
        return all;
    }

    @Override
    public boolean ask(SetId set, Algorithm algorithm, int hash, SelectFlags flags, SelectContext context) {
        ActorRef<SetActor.Command> actor = actors.get(set);
        if (actor == null) {
            return false;
        }
        actor.tell(new SetActor.Select(algorithm, hash, flags, context, replyTo));
        return true;
    }

    @Override
    public boolean rank(SetId set, Ranking ranking, SelectFlags flags, SelectContext context) {
        ActorRef<SetActor.Command> actor = actors.get(set);
        if (actor == null) {
            return false;
        }
        actor.tell(new SetActor.Rank(ranking, flags, context, replyTo));
        return true;
    }

    @Override
    public DestinationFacts facts() {
        return facts;
    }

    @Override
    public TargetAddresses targets(Destination destination) {
        return targets.isEmpty() ? null : targets.get(destination);
    }

    @Override
    public long targetChanges() {
        return targetChanges;
    }

    @Override
    public List<Destination> destinations() {
        if (destinations == null) {
            destinations = views.values().stream()
                    .flatMap(view -> IntStream.range(0, view.size()).mapToObj(view::member))
                    .toList();
        }
        return destinations;
    }

    @Override
    public boolean isUnusable(Destination candidate) {
        SetView view = views.get(candidate.setId());
        return view == null || view.isUnusable(candidate);
    }

    @Override
    public SetView view(SetId set) {
        return views.get(set);
    }
}
