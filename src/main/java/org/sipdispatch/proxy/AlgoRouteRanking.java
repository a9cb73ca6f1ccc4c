package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.FigurePattern;
import org.sipdispatch.sets.FigureRanking;
import org.sipdispatch.sets.Ranking;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.spi.AlgoDestination;
import org.sipdispatch.spi.AlgoRequest;
import org.sipdispatch.spi.AlgoRoute;

/** Ranks by the values that an extension's algorithm returns for one request: algorithm 10. */
final class AlgoRouteRanking implements Ranking {
    private final AlgoRoute route;
    private final RequestFacts facts;
    private final RouteFigures figures;
    private final AlgoRouteFailureLog monitor;

    AlgoRouteRanking(AlgoRoute route, RequestFacts facts, RouteFigures figures, AlgoRouteFailureLog monitor) {
        this.route = route;
        this.facts = facts;
        this.figures = figures;
        this.monitor = monitor;
    }

    /** The figures that the algorithms of one lane ask for, so that each pattern is parsed once. Not thread-safe. */
    static final class RouteFigures {
        /** Each pattern occupies memory in every set, so an algorithm must not compose them from requests. */
        private static final int MOST = 64;

        private final DestinationFacts facts;
        private final Map<String, FigureRanking> byPattern = new HashMap<>();

        RouteFigures(DestinationFacts facts) {
            this.facts = facts;
        }

        private long value(String pattern, SetView set, int place) {
            FigureRanking known = byPattern.get(pattern);
            if (known == null) {
                known = parsed(pattern);
                byPattern.put(pattern, known);
            }
            return known.value(set, place);
        }

        private FigureRanking parsed(String pattern) {
            FigurePattern figure = FigurePattern.parse(pattern);
            if (figure == null) {
                throw new IllegalArgumentException(pattern + " (expected: " + FigurePattern.FORM + ")");
            } else if (byPattern.size() >= MOST) {
                throw new IllegalArgumentException(pattern + " (expected: one of at most " + MOST + " patterns)");
            }
            return new FigureRanking(figure, facts);
        }
    }

    @Override
    public long[] values(SetView set, int size) {
        long startMicros = monitor.startMicros();
        try {
            long[] values = values(set, size, new RouteRequest(facts));
            monitor.returned(route.name(), startMicros);
            return values;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            // An extension's fault must fail neither the set's actor nor the lane.
            monitor.failed(route.name(), set.id(), e);
            return null;
        }
    }

    private long[] values(SetView set, int size, AlgoRequest request) {
        long[] values = new long[size];
        for (int i = 0; i < size; i++) {
            if (set.isActive(i)) {
                long value = route.value(request, new RouteDestination(set, i, set.member(i), figures));
                values[i] = value < 0 ? LAST : value;
            }
        }
        return values;
    }

    @Override
    public String text() {
        return "route:" + route.name();
    }

    private record RouteRequest(RequestFacts facts) implements AlgoRequest {
        @Override
        public String method() {
            return facts.request().method();
        }

        @Override
        public String requestUri() {
            return facts.request().requestUri().toString();
        }

        @Override
        public String fromUri() {
            return facts.request().from().uriText();
        }

        @Override
        public String toUri() {
            return facts.request().to().uriText();
        }

        @Override
        public String callId() {
            return facts.request().text(HeaderName.CALL_ID);
        }

        @Override
        public String header(String name) {
            return facts.request().text(name);
        }

        @Override
        public InetSocketAddress source() {
            return facts.source();
        }

        @Override
        public String socket() {
            return facts.socket();
        }
    }

    private record RouteDestination(SetView view, int place, Destination destination, RouteFigures figures)
            implements AlgoDestination {
        @Override
        public String partition() {
            return destination.partition();
        }

        @Override
        public int set() {
            return destination.set();
        }

        @Override
        public String uri() {
            return destination.uri();
        }

        @Override
        public String dstUri() {
            return destination.trafficUri().toString();
        }

        @Override
        public String attrs() {
            return destination.attrs();
        }

        @Override
        public String scriptAttrs() {
            return figures.facts.scriptAttrs(destination);
        }

        @Override
        public int weight() {
            return destination.weight();
        }

        @Override
        public int priority() {
            return destination.priority();
        }

        @Override
        public long figure(String pattern) {
            return figures.value(pattern, view, place);
        }
    }
}
