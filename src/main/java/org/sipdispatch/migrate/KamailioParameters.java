package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parameters of Kamailio's dispatcher module that OpenSIPS does not have or uses differently. */
final class KamailioParameters {
    private static final Pattern CODES = Pattern.compile("(class|code)=(\\d+)");
    private static final String OTHER_TABLE =
            "Kamailio's table has other columns; use a list, or import one with --sql";

    private final ModuleParameters parameters;
    private String flags = "";
    private boolean reserve;

    KamailioParameters(ModuleParameters parameters) {
        this.parameters = parameters;
    }

    String flags() {
        return flags + (reserve ? "D" : "");
    }

    /** Takes over the parameter. Returns false if it is not one of these. */
    boolean take(String name, String value, String written) {
        switch (name) {
            case "list_file" -> {
                parameters.listFile = value;
                parameters.carried();
            }
            case "db_url", "table_name" -> parameters.left(written, OTHER_TABLE);
            case "flags" -> flags(value, written);
            case "use_default" -> {
                reserve = !value.equals("0");
                parameters.carried();
            }
            case "force_dst" -> force(value, written);
            case "ds_ping_reply_codes" -> codes(value, written);
            case "ds_inactive_threshold" ->
                parameters.number(parameters.probing, "success-threshold", value, 1, 1000, "");
            case "ds_probing_mode" -> mode(value, written);
            case "ds_ping_latency_stats" ->
                parameters.unneeded(written, "the latencies of requests are measured, not those of pings");
            case "ds_latency_estimator_alpha" -> alpha(value, written);
            case "ds_hash_size", "ds_timer_mode", "ds_db_extra_attrs_none", "ds_attrs_none" ->
                parameters.unneeded(written, "it is about Kamailio's internal lists");
            default -> {
                if (!name.endsWith("_col")) {
                    return false;
                }
                parameters.left(written, OTHER_TABLE);
            }
        }
        return true;
    }

    private void flags(String value, String written) {
        if (!value.matches("[0-3]")) {
            parameters.left(written, "flags are 0 to 3");
            return;
        }
        int bits = Integer.parseInt(value);
        flags = ((bits & 2) != 0 ? "F" : "") + ((bits & 1) != 0 ? "U" : "");
        parameters.carried();
    }

    private void force(String value, String written) {
        if (value.equals("0")) {
            parameters.left(written, "flag S of a selection refuses where a Route is set");
        } else {
            parameters.unneeded(written, "a selection always counts");
        }
    }

    private void alpha(String value, String written) {
        String why = "a new latency counts a tenth, as with 900";
        if (value.equals("900")) {
            parameters.unneeded(written, why);
        } else {
            parameters.left(written, why);
        }
    }

    /** Converts {@code class=2;code=403} to {@code 2xx,403}. */
    private void codes(String value, String written) {
        List<String> codes = new ArrayList<>();
        Matcher item = CODES.matcher(value);
        while (item.find()) {
            boolean whole = item.group(1).equals("class");
            boolean fits = item.group(2).matches(whole ? "[2-6]" : "[2-6]\\d\\d");
            if (fits) {
                codes.add(item.group(2) + (whole ? "xx" : ""));
            } else {
                parameters.note("ping reply " + item.group(), "only final codes from 200 to 699 count as a response");
            }
        }
        if (codes.isEmpty()) {
            parameters.left(written, "it is not a list of classes and codes");
        } else {
            parameters.probing.put("options_reply_codes", ConfWriter.quoted(String.join(",", codes)));
            parameters.carried();
        }
    }

    private void mode(String value, String written) {
        if (value.matches("[01]")) {
            parameters.probing.put("ds_probing_mode", value);
            parameters.carried();
        } else {
            parameters.left(written, "modes are 0 and 1");
        }
    }

    /** In Kamailio the default threshold is one failure. */
    void addDefaults() {
        if (parameters.probing.containsKey("ds_ping_interval")) {
            parameters.probing.putIfAbsent("ds_probing_threshold", "1");
        }
    }
}
