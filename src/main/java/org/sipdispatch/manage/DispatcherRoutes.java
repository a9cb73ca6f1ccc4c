package org.sipdispatch.manage;

import static akka.http.javadsl.server.PathMatchers.segment;

import akka.actor.ExtendedActorSystem;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.http.javadsl.unmarshalling.Unmarshaller;
import akka.management.javadsl.ManagementRouteProviderSettings;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.sipdispatch.cluster.ReloadOrder;
import org.sipdispatch.desk.Caller;
import org.sipdispatch.desk.Desk;
import org.sipdispatch.desk.ListDestinations;
import org.sipdispatch.desk.Refusal;
import org.sipdispatch.desk.Role;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.settings.BadSetting;

/** The desk over Akka Management HTTP, under {@code /dispatcher}. */
public final class DispatcherRoutes extends AllDirectives implements akka.management.javadsl.ManagementRouteProvider {
    private final Desk desk;
    private final Doors doors;

    /** Made by Akka Management. */
    public DispatcherRoutes(ExtendedActorSystem system) {
        doors = system.settings().setup().get(Doors.class).orElseThrow();
        desk = doors.desk();
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        Route reading = concat(
                path(
                        "destinations",
                        () -> get(() -> reply(desk.listDestinations().answer(ListDestinations.Filter.ALL), Json::of))),
                path(
                        segment("destinations").slash(segment()),
                        id -> get(() -> reply(desk.showDestination().answer(id), shown -> Json.of(shown.report())))),
                path("node", () -> get(() -> reply(desk.showNode().answer(), Json::of))),
                path("ready", () -> get(() -> ready())));
        return concat(
                pathPrefix("dispatcher", () -> settings.readOnly() ? reading : concat(reading, fromNoPage(changing()))),
                new MiRoute(doors).route(),
                new MetricsRoute(doors).route(),
                new UiRoute(doors).route());
    }

    /** A page of another host that a browser on this one shows must not give orders. */
    private Route fromNoPage(Route orders) {
        return optionalHeaderValueByName(
                "Origin",
                origin -> origin.isPresent()
                        ? complete(json(StatusCodes.FORBIDDEN, Json.object().put("error", "orders from web pages")))
                        : orders);
    }

    private Route changing() {
        return concat(
                path(
                        segment("destinations").slash(segment()).slash("state"),
                        id -> post(() -> body(order -> reply(
                                desk.setState()
                                        .answer(
                                                who(order),
                                                id,
                                                state(order),
                                                order.path("why").asText("")),
                                Json::of)))),
                path(
                        segment("destinations").slash(segment()).slash("release"),
                        id -> post(() -> body(order -> reply(
                                desk.release()
                                        .answer(
                                                who(order),
                                                id,
                                                order.path("why").asText("")),
                                Json::of)))),
                path(
                        segment("destinations").slash(segment()).slash("probe"),
                        id -> post(() -> body(order -> reply(desk.probeNow().answer(who(order), id), Json::of)))),
                path(
                        "reload",
                        () -> post(() -> body(order -> reply(
                                desk.reload()
                                        .answer(
                                                who(order),
                                                new ReloadOrder(
                                                        order.path("partition").asText(""),
                                                        order.path("dryRun").asBoolean(false),
                                                        false,
                                                        order.path("skipBadRows")
                                                                .asBoolean(false))),
                                Json::of)))));
    }

    private static DestinationState state(JsonNode order) {
        String text = order.path("state").asText("");
        DestinationState state = DestinationState.parse(text);
        if (state == null) {
            throw new BadSetting("state", text, "active, inactive or probing");
        }
        return state;
    }

    private static Caller who(JsonNode order) {
        return new Caller(order.path("who").asText("operator"), "", Role.WRITE, false);
    }

    private Route body(Function<JsonNode, Route> then) {
        return entity(Unmarshaller.entityToString(), text -> {
            try {
                return then.apply(Json.parse(text));
            } catch (BadSetting e) {
                return complete(refusal(e));
            }
        });
    }

    private <T> Route reply(CompletionStage<T> answer, Function<T, ? extends JsonNode> shown) {
        return completeWithFuture(answer.handle(
                (value, trouble) -> trouble == null ? json(StatusCodes.OK, shown.apply(value)) : refusal(trouble)));
    }

    private Route ready() {
        return completeWithFuture(desk.readiness().answer().thenApply(DispatcherRoutes::readiness));
    }

    private static HttpResponse readiness(List<String> reasons) {
        var node = Json.object().put("ready", reasons.isEmpty());
        reasons.forEach(node.putArray("reasons")::add);
        return json(reasons.isEmpty() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE, node);
    }

    private static HttpResponse refusal(Throwable trouble) {
        Throwable cause = trouble.getCause() == null ? trouble : trouble.getCause();
        StatusCode code = StatusCodes.INTERNAL_SERVER_ERROR;
        if (cause instanceof Refusal refused) {
            code = StatusCodes.get(refused.kind().status());
        } else if (cause instanceof BadSetting bad) {
            code = bad.getMessage().startsWith("destination:") ? StatusCodes.NOT_FOUND : StatusCodes.BAD_REQUEST;
        } else if (cause instanceof TimeoutException) {
            code = StatusCodes.SERVICE_UNAVAILABLE;
        } else if (cause instanceof akka.pattern.StatusReply.ErrorMessage) {
            code = StatusCodes.CONFLICT;
        }
        return json(code, Json.object().put("error", String.valueOf(cause.getMessage())));
    }

    private static HttpResponse json(StatusCode code, JsonNode node) {
        return HttpResponse.create()
                .withStatus(code)
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.text(node) + "\n"));
    }
}
