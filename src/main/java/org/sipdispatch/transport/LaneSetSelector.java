package org.sipdispatch.transport;

import akka.actor.typed.ActorRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sipdispatch.proxy.DestinationIndex;
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
    /** The addresses of the targets of those members that have any. */
    private final Map<Destination, TargetAddresses> targets = new IdentityHashMap<>();

    private long targetChanges;
    private DestinationIndex destinations = DestinationIndex.EMPTY;

    private ActorRef<SetActor.Selected> replyTo;

    LaneSetSelector(DestinationFacts facts) {
        this.facts = facts;
    }

    void setReplyTargets(ActorRef<SetActor.Selected> lane) {
        replyTo = lane;
    }

    /**
     * Applies new definitions: new sets get an actor, known sets a new view; the actors of the others stop.
     *
     * @param index the destinations of these sets
     */
    void replace(
            Collection<SetView> defined, DestinationIndex index, Function<SetView, ActorRef<SetActor.Command>> spawn) {
        Set<SetId> wanted = defined.stream().map(SetView::id).collect(Collectors.toSet());
        for (Iterator<Map.Entry<SetId, ActorRef<SetActor.Command>>> all =
                        actors.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<SetId, ActorRef<SetActor.Command>> one = all.next();
            if (!wanted.contains(one.getKey())) {
                one.getValue().tell(SetActor.Stop.INSTANCE);
                takeTargets(views.remove(one.getKey()), null);
                all.remove();
            }
        }
        update(defined, index, spawn);
    }

    /**
     * Applies the views of some sets: a new set gets an actor, a known one the new view.
     *
     * @param index the destinations of all sets, those that stay included
     */
    void update(
            Collection<SetView> changed, DestinationIndex index, Function<SetView, ActorRef<SetActor.Command>> spawn) {
        destinations = index;
        changed.forEach(view -> update(view, spawn));
    }

    private void update(SetView view, Function<SetView, ActorRef<SetActor.Command>> spawn) {
        SetView before = views.put(view.id(), view);
        if (before == view) {
            return;
        }
        takeTargets(before, view);
        ActorRef<SetActor.Command> known = actors.get(view.id());
        if (known == null) {
            actors.put(view.id(), spawn.apply(view));
        } else {
            known.tell(new SetActor.Replace(view));
        }
    }

    /** {@code before}: the former view of the set, null if there is none; {@code now}: null if the set is gone. */
    private void takeTargets(SetView before, SetView now) {
        if (before != null && now != null && now.hasMembersOf(before)) {
            for (int i = 0; now.hasTargetsOtherThan(before) && i < now.size(); i++) {
                if (now.targets(i) != before.targets(i)) {
                    setTargets(now.member(i), now.targets(i));
                }
            }
            return;
        }
        for (int i = 0; before != null && before.hasTargets() && i < before.size(); i++) {
            setTargets(before.member(i), null);
        }
        for (int i = 0; now != null && now.hasTargets() && i < now.size(); i++) {
            setTargets(now.member(i), now.targets(i));
        }
    }

    /** {@code now}: null for none. */
    private void setTargets(Destination member, TargetAddresses now) {
        TargetAddresses before = now == null ? targets.remove(member) : targets.put(member, now);
        targetChanges += before == now ? 0 : 1;
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
    public DestinationIndex destinations() {
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
