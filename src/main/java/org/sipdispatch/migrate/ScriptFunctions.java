package org.sipdispatch.migrate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Classifies the functions of OpenSIPS and Kamailio by their effect on a request. */
final class ScriptFunctions {
    private static final Pattern RELAY =
            Pattern.compile("t_relay|t_relay_to\\w*|t_forward_nonack|forward|forward_udp|forward_tcp|send|send_tcp");
    private static final Pattern STATELESS = Pattern.compile("forward|forward_udp|forward_tcp|send|send_tcp");
    private static final Pattern REPLY =
            Pattern.compile("send_reply|sl_send_reply|t_reply|t_send_reply|sl_reply|reply");
    private static final Pattern REPLY_ERROR = Pattern.compile("sl_reply_error|t_reply_error|send_reply_error");
    private static final Pattern DISPATCH = Pattern.compile("ds_select_dst|ds_select_domain");
    /** Functions that answer a request or pass it to another module. */
    private static final Pattern ANSWERS = Pattern.compile(
            "\\w*_challenge|save\\w*|mid_registrar_\\w+|handle_publish|handle_subscribe"
                    + "|handle_\\w*|async|b2b_init_request|t_suspend|ws_handle_handshake|async_\\w+|uac_redirect|t_continue|options_reply");
    /** Functions of other modules that choose the target of a request. */
    private static final Pattern CHOOSES = Pattern.compile(
            "load_balance\\w*|lb_\\w+|do_routing|route_to_\\w+|use_next_gw|next_gw|load_gws"
                    + "|to_gw|cr_\\w+|carrierroute\\w*|lookup\\w*|enum_\\w+|i_enum_\\w+|ds_select|ds_select_routes|ds_select_\\w+|pick_\\w+"
                    + "|setdsturi|next_branches|t_load_contacts|t_next_contacts|dr_\\w+|get_dialog_info|get_redirects|fetch_contacts");

    private static final Pattern REWRITES =
            Pattern.compile("strip|strip_tail|prefix|rewrite\\w+|sethost\\w*|setuser\\w*|seturi|setport|revert_uri"
                    + "|dp_translate|dp_apply\\w*|alias_db_lookup|alias_db_find|sd_lookup|avp_pushto|subst_uri|subst_user|change_\\w+"
                    + "|tel2sip|append_branch");
    private static final String LOG = "xlog|xlogl|xlogm|xdbg|xinfo|xnotice|xwarn|xerr|xcrit|xalert|xbug|log";
    private static final Pattern QUIET = Pattern.compile(
            LOG + "|setflag|resetflag"
                    + "|setbflag|resetbflag|setsflag|resetsflag|isflagset|isbflagset|t_on_\\w+|t_check_trans|t_precheck_trans|record_route\\w*|add_path\\w*"
                    + "|loose_route\\w*|has_totag|is_method|t_newtran|sanity_check|mf_process_\\w+|force_rport|add_rport|route|t_check_status"
                    + "|t_was_cancelled|t_is_canceled|t_is_cancelled|ds_next_\\w+|ds_mark_dst|t_branch_timeout|t_branch_replied|is_present_hf"
                    + "|t_lookup_request|nat_uac_test|is_in_subnet|t_any_timeout|t_any_replied|t_is_set|is_myself|is_audio_on_hold|has_body");

    /** The socket that a request is sent from. */
    private static final String SOCKET_OUT = "\\$fs|\\$fsn|\\$socket_out.*";

    private static final String REQUEST_URI = "\\$r[uUdpP].*|\\$\\(?ru.*|\\$d[updP].*|\\$branch.*|\\$rp|" + SOCKET_OUT;

    private final Script script;
    private final Set<String> selectors;
    private final boolean pushes;

    /**
     * @param selectors the names of the variables in arguments of selections and counts
     * @param pushes whether calls that push attributes matter
     */
    ScriptFunctions(Script script, Set<String> selectors, boolean pushes) {
        this.pushes = pushes;
        this.script = script;
        this.selectors = selectors;
    }

    static boolean isRelay(Script.FunctionCall call) {
        return RELAY.matcher(call.name()).matches();
    }

    static boolean isStateless(Script.FunctionCall call) {
        return STATELESS.matcher(call.name()).matches();
    }

    /** Whether the call relays to a fixed address. */
    static boolean hasFixedTarget(Script.FunctionCall call) {
        return call.arguments().stream().anyMatch(one -> one.matches(".*[:.].*") && !one.matches("uri:\\w+"));
    }

    static boolean isReply(Script.FunctionCall call) {
        return REPLY.matcher(call.name()).matches()
                || REPLY_ERROR.matcher(call.name()).matches();
    }

    static boolean isDispatch(Script.FunctionCall call) {
        return DISPATCH.matcher(call.name()).matches();
    }

    static boolean answers(Script.FunctionCall call) {
        return ANSWERS.matcher(call.name()).matches();
    }

    static boolean chooses(Script.FunctionCall call) {
        return CHOOSES.matcher(call.name()).matches() && !isDispatch(call);
    }

    static boolean isSelection(Script.FunctionCall call) {
        return isDispatch(call)
                || call.name()
                        .matches(
                                "load_balance\\w*|lb_start\\w*|do_routing|ds_select\\w*|cr_route|load_gws|route_to_\\w+");
    }

    static boolean addsPath(Script.FunctionCall call) {
        return call.name().startsWith("add_path");
    }

    static boolean rewrites(Script.FunctionCall call) {
        return REWRITES.matcher(call.name()).matches();
    }

    static boolean isQuiet(Script.FunctionCall call) {
        return QUIET.matcher(call.name()).matches();
    }

    /** Whether the call decides which addresses are not relayed to. */
    static boolean setsBlacklist(Script.FunctionCall call) {
        return call.name().matches("use_blacklist|unuse_blacklist");
    }

    static boolean addsHeader(Script.FunctionCall call) {
        return call.name().matches("append_hf|insert_hf");
    }

    static boolean isLog(Script.FunctionCall call) {
        return call.name().matches(LOG);
    }

    /** Whether the test is whether {@code t_on_failure()} was called. */
    static boolean asksFailureRoute(Script.Test test) {
        return test.call() != null
                && test.operator().isEmpty()
                && test.call().name().equals("t_is_set")
                && test.call().argument(0).equals("failure_route");
    }

    static boolean choosesSocket(Script.Assign assign) {
        return assign.variable().matches(SOCKET_OUT);
    }

    static boolean choosesSocket(Script.FunctionCall call) {
        return call.name().matches("force_send_socket|set_send_socket(_name)?");
    }

    /** Whether the assignment changes where a request goes, or from which socket. */
    static boolean changesTarget(Script.Assign assign) {
        return assign.variable().matches(REQUEST_URI);
    }

    /** Whether the assignment changes a header field or the body. */
    static boolean changesMessage(Script.Assign assign) {
        return assign.variable().matches("\\$\\(?(f[uUdn]|t[uUdn]|hdr|hfl|rb|mb|cT|ai|ua|rr|rs)\\b.*");
    }

    /** Whether the assignment tells the dialog module what to do. */
    static boolean changesDialog(Script.Assign assign) {
        return assign.variable().matches("\\$\\(?(DLG_timeout|DLG_lifetime|dlg_ctx\\().*");
    }

    /** The status code of a reply; 0 if it is not a constant. */
    static int code(Script.FunctionCall reply) {
        if (REPLY_ERROR.matcher(reply.name()).matches()) {
            return 500;
        }
        return reply.argument(0).matches("[1-6]\\d\\d") ? Integer.parseInt(reply.argument(0)) : 0;
    }

    static boolean isProvisional(Script.FunctionCall reply) {
        return isReply(reply) && code(reply) / 100 == 1;
    }

    /** Whether the statements influence where a request goes. */
    boolean matter(List<Script.Statement> statements) {
        return matter(statements, new HashSet<>());
    }

    private boolean matter(List<Script.Statement> statements, Set<String> routes) {
        return statements.stream().anyMatch(statement -> matters(statement, routes));
    }

    private boolean matters(Script.Statement statement, Set<String> routes) {
        if (statement instanceof Script.FunctionCall call) {
            return matters(call, routes);
        }
        if (statement instanceof Script.If choice) {
            return mattersIn(choice.condition(), routes) || matter(choice.yes(), routes) || matter(choice.no(), routes);
        }
        if (statement instanceof Script.Loop repeat) {
            return matter(withoutBreaks(repeat.body()), routes)
                    || repeat.text().contains("ds_select_")
                    || ScriptVariables.names(repeat.text()).stream().anyMatch(selectors::contains);
        }
        if (statement instanceof Script.Assign assign) {
            return changesTarget(assign)
                    || ScriptTimers.sets(assign)
                    || ScriptVariables.names(assign.variable()).stream().anyMatch(selectors::contains)
                    || assign.text().contains("ds_select_");
        }
        return statement instanceof Script.Jump || statement instanceof Script.Unread;
    }

    /** A {@code break} matters within its loop or {@code switch} only. */
    static List<Script.Statement> withoutBreaks(List<Script.Statement> statements) {
        return statements.stream()
                .filter(one ->
                        !(one instanceof Script.Jump jump && jump.keyword().equals("break")))
                .map(one -> one instanceof Script.If choice
                        ? new Script.If(choice.condition(), withoutBreaks(choice.yes()), withoutBreaks(choice.no()))
                        : one)
                .toList();
    }

    private boolean matters(Script.FunctionCall call, Set<String> routes) {
        if (call.name().equals("route")) {
            Script.Route route = script.route("route", call.argument(0));
            boolean again = !routes.add(call.argument(0));
            return route == null || !again && mattersToCaller(route.body(), routes);
        }
        return isRelay(call)
                || isReply(call)
                || isDispatch(call)
                || answers(call)
                || chooses(call)
                || rewrites(call)
                || setsBlacklist(call)
                || choosesSocket(call)
                || ScriptTimers.sets(call)
                || ScriptTimers.resets(call)
                || call.name().equals("t_on_failure")
                || SetFunctions.counts(call)
                || pushes && SetFunctions.pushes(call)
                || selectors.stream().anyMatch(name -> ScriptVariables.mayWrite(call, name));
    }

    /** A return at the end of a route changes nothing for its caller. */
    private boolean mattersToCaller(List<Script.Statement> body, Set<String> routes) {
        return body.stream().anyMatch(one -> !isReturn(one) && mattersButReturn(one, routes));
    }

    private boolean mattersButReturn(Script.Statement one, Set<String> routes) {
        boolean onlyReturn = one instanceof Script.If choice
                && !mattersIn(choice.condition(), routes)
                && choice.yes().stream().allMatch(ScriptFunctions::isReturn)
                && choice.no().stream().allMatch(ScriptFunctions::isReturn);
        return !onlyReturn && matters(one, routes);
    }

    private static boolean isReturn(Script.Statement statement) {
        return statement instanceof Script.Jump leave
                && leave.isReturn()
                && leave.computed().isEmpty();
    }

    private boolean mattersIn(Script.Expression expression, Set<String> routes) {
        return Script.calls(List.of(new Script.If(expression, List.of(), List.of()))).stream()
                .anyMatch(call -> matters(call, routes));
    }
}
