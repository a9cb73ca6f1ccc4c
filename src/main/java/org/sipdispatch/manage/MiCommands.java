package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.definitions.ReloadOrder;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.operations.DefinitionOrders;
import org.sipdispatch.operations.DestinationOrders;
import org.sipdispatch.operations.ExecutedOrder;
import org.sipdispatch.operations.OperationCaller;
import org.sipdispatch.operations.OperationException;
import org.sipdispatch.operations.Operations;
import org.sipdispatch.operations.OrderKey;

/**
 * The commands of OpenSIPS' dispatcher module and the general commands that its tools use, with the module's error
 * texts.
 */
final class MiCommands {
    private static final JsonNode OK = TextNode.valueOf("OK");
    private static final String UNKNOWN_PARTITION = "ERROR Unknown partition";
    private static final DateTimeFormatter CTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

    private final Operations operations;
    private final List<String> partitions;
    private final String defaultPartition;
    private final MiList list;
    private final Map<String, MiCommand> commands = new LinkedHashMap<>();

    MiCommands(ApiDependencies dependencies) {
        operations = dependencies.operations();
        partitions = dependencies.partitions();
        defaultPartition = dependencies.defaultPartition();
        list = new MiList(dependencies);
        register("list", MiCommand.of(List.of(), List.of("full", "partition"), this::list));
        register(
                "set_state",
                new MiCommand(
                        List.of("state", "group", "address"),
                        List.of(),
                        List.of("partition", "key", "target"),
                        this::setState));
        register("reload", MiCommand.of(List.of(), List.of("partition", "inherit_state"), this::reload));
        register(
                "push_script_attrs",
                MiCommand.of(List.of("attrs", "ip", "port", "set"), List.of("partition"), this::pushAttrs));
        commands.put(
                "maintenance", new MiCommand(List.of(), List.of("order", "why"), List.of("keep"), this::maintenance));
        commands.put("which", MiCommand.of(List.of(), List.of("command"), this::which));
        commands.put("version", MiCommand.of(List.of(), List.of(), this::version));
        commands.put("uptime", MiCommand.of(List.of(), List.of(), this::uptime));
    }

    /** Registers the command's name in OpenSIPS 2.4 and 3.x, and in 4.0. */
    private void register(String name, MiCommand command) {
        commands.put("ds_" + name, command);
        commands.put("dispatcher:" + name, command);
    }

    /** Runs a command. The result fails with an {@link MiError}. */
    CompletionStage<JsonNode> run(OperationCaller caller, String name, JsonNode given) {
        MiCommand command = commands.get(name);
        if (command == null) {
            return CompletableFuture.failedFuture(MiError.of(MiError.METHOD_NOT_FOUND, "Method not found"));
        }
        // Inside the stage, so that a thrown exception becomes a failed result.
        return CompletableFuture.completedFuture(given)
                .thenCompose(params -> command.action().run(caller, MiParams.of(command, params)))
                .thenApply(result -> result);
    }

    private CompletionStage<JsonNode> list(OperationCaller caller, MiParams params) {
        String partition = params.has("partition") ? params.text("partition") : null;
        if (partition != null && !partitions.contains(partition)) {
            throw unknownPartition(partition, 404);
        }
        return CompletableFuture.completedFuture(list.answer(params.number("full") != 0, partition));
    }

    private CompletionStage<JsonNode> setState(OperationCaller caller, MiParams params) {
        DestinationState state = state(params.text("state"));
        String[] group = group(params);
        String address = params.text("address");
        OrderKey key = OrderKey.of("key", params.has("key") ? params.text("key") : null);
        if (!group[1].matches("\\d{1,9}")) {
            throw MiError.of(500, group[1].isEmpty() ? "group not found" : "bad group value");
        } else if (address.isEmpty()) {
            throw MiError.of(500, "address not found");
        }
        return CompletableFuture.completedFuture(address)
                .thenApply(uri -> operations.destinations().find(group[0], Integer.parseInt(group[1]), uri))
                .thenCompose(ids -> setState(caller, ids, params.text("target"), state, key))
                .handle((status, failure) ->
                        okOrError(failure, OperationException.RefusalReason.UNKNOWN, 404, "destination not found"));
    }

    /** {@code target}: not of OpenSIPS; empty for all of the destination. */
    private CompletionStage<ExecutedOrder> setState(
            OperationCaller caller, List<String> ids, String target, DestinationState state, OrderKey key) {
        if (target.isEmpty()) {
            return operations.orders().setStates(caller, ids, state, "MI command", key);
        } else if (ids.size() > 1) {
            throw MiError.of(500, "address not found", "address: several equal rows (expected: one with targets)");
        }
        return operations.orders().setState(caller, ids.get(0), target, state, "MI command", key);
    }

    /** By the first letter or digit, as in OpenSIPS. */
    private static DestinationState state(String text) {
        return switch (text.isEmpty() ? ' ' : Character.toLowerCase(text.charAt(0))) {
            case '0', 'i' -> DestinationState.INACTIVE;
            case '1', 'a' -> DestinationState.ACTIVE;
            case '2', 'p' -> DestinationState.PROBING;
            default ->
                throw MiError.of(
                        500,
                        "Bad state value",
                        DestinationOrders.unknownState(text).getMessage());
        };
    }

    /** Partition and set. The control panel sends the partition separately from the group. */
    private String[] group(MiParams params) {
        String group = params.text("group");
        int colon = group.indexOf(':');
        String partition = colon >= 0 ? group.substring(0, colon).strip() : params.text("partition");
        return new String[] {
            requireKnown(partition, 404), group.substring(colon + 1).strip()
        };
    }

    private String requireKnown(String partition, int code) {
        String name = partition.isEmpty() ? defaultPartition : partition;
        if (!partitions.contains(name)) {
            throw unknownPartition(name, code);
        }
        return name;
    }

    /** With the error text of the HTTP API as details. */
    private MiError unknownPartition(String name, int code) {
        OperationException refused =
                OperationException.bad("partition", name, "one of " + String.join(", ", partitions));
        return MiError.of(code, UNKNOWN_PARTITION, refused.getMessage());
    }

    private CompletionStage<JsonNode> reload(OperationCaller caller, MiParams params) {
        String partition = params.text("partition");
        if (params.has("partition")) {
            requireKnown(partition, 500);
        }
        boolean inheritState = !params.text("inherit_state").matches("(?i)[0n].*");
        return operations
                .definitions()
                // As in OpenSIPS, the usable rows load.
                .reload(caller, new ReloadOrder(partition, false, false, inheritState, true))
                .handle((outcome, failure) ->
                        okOrError(failure, OperationException.RefusalReason.CONFLICT, 500, "ERROR Reloading data"));
    }

    private CompletionStage<JsonNode> pushAttrs(OperationCaller caller, MiParams params) {
        if (params.text("attrs").isEmpty()) {
            throw MiError.of(500, "Bad attrs value");
        } else if (params.text("ip").isEmpty()) {
            throw MiError.of(500, "ip not found");
        }
        DefinitionOrders.AddressSelector selector = new DefinitionOrders.AddressSelector(
                requireKnown(params.text("partition"), 404),
                params.number("set"),
                params.text("ip"),
                params.number("port"));
        return operations
                .definitions()
                .pushAttrs(caller, selector, params.text("attrs"))
                .handle((count, failure) ->
                        okOrError(failure, OperationException.RefusalReason.UNKNOWN, 404, "destination not found"));
    }

    /** OK, or the module's error text for one kind of refusal. */
    private static JsonNode okOrError(
            Throwable failure, OperationException.RefusalReason reason, int code, String message) {
        if (failure == null) {
            return OK;
        }
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof OperationException refused && refused.reason() == reason) {
            throw MiError.of(code, message, refused.getMessage());
        }
        throw MiError.of(failure);
    }

    /** A command of this program, not of OpenSIPS. */
    private CompletionStage<JsonNode> maintenance(OperationCaller caller, MiParams params) {
        String order = params.has("order") ? params.text("order") : "status";
        boolean keep = params.text("keep").matches("(?i)[1yt].*|on");
        return switch (order) {
            case "on" ->
                operations.maintenance().begin(caller, params.text("why"), keep).thenApply(MaintenanceRoutes::json);
            case "off" ->
                operations.maintenance().end(caller, params.text("why")).thenApply(MaintenanceRoutes::json);
            case "status" ->
                CompletableFuture.completedFuture(operations.maintenance().show())
                        .thenApply(MaintenanceRoutes::json);
            default ->
                throw MiError.of(
                        400,
                        "Bad order value",
                        OperationException.bad("order", order, "on, off or status")
                                .getMessage());
        };
    }

    private CompletionStage<JsonNode> which(OperationCaller caller, MiParams params) {
        ArrayNode answer = Json.object().arrayNode();
        String asked = params.text("command");
        if (!params.has("command")) {
            commands.keySet().forEach(answer::add);
        } else if (commands.containsKey(asked)) {
            commands.get(asked).parameterCombinations().forEach(recipe -> recipe.forEach(answer.addArray()::add));
        } else if (asked.equals("dispatcher:")) {
            commands.keySet().stream().filter(name -> name.startsWith(asked)).forEach(answer::add);
        } else {
            throw MiError.of(404, "unknown MI command");
        }
        return CompletableFuture.completedFuture(answer);
    }

    private CompletionStage<JsonNode> version(OperationCaller caller, MiParams params) {
        String version = MiCommands.class.getPackage().getImplementationVersion();
        return CompletableFuture.completedFuture(
                Json.object().put("Server", "sip-dispatcher (" + (version == null ? "from sources" : version) + ")"));
    }

    private CompletionStage<JsonNode> uptime(OperationCaller caller, MiParams params) {
        Instant start =
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
        Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        return CompletableFuture.completedFuture(Json.object()
                .put("Now", CTIME.format(now.atZone(ZoneId.systemDefault())))
                .put("Up since", CTIME.format(start.atZone(ZoneId.systemDefault())))
                .put("Up time", now.getEpochSecond() - start.getEpochSecond() + " [sec]"));
    }
}
