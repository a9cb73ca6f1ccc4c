package org.sipdispatch.catalog;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sipdispatch.settings.SettingException;

/** Reads rows from a JSON document: an array of objects whose fields have the names of the columns. */
final class JsonRows {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final ColumnNames columns;
    private final Warnings warnings;

    private JsonRows(ColumnNames columns, Warnings warnings) {
        this.columns = columns;
        this.warnings = warnings;
    }

    /**
     * The rows of a document. Checks only its form; {@link RowCheck} checks the values.
     *
     * @param url without a password
     * @throws SettingException if it is not an array
     */
    static List<SourceRow> rows(
            PartitionSettings partition, String url, String text, ColumnNames columns, Warnings warnings) {
        String key = partition.paths().of("db_url");
        JsonNode document = parsed(key, url, text);
        if (!document.isArray()) {
            throw new SettingException(key, url, "a JSON array of rows");
        }
        JsonRows reader = new JsonRows(columns, warnings);
        List<SourceRow> rows = new ArrayList<>();
        for (int i = 0; i < document.size(); i++) {
            SourceRow row = reader.row(partition.name() + " row [" + i + "]", document.get(i));
            if (row != null) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static JsonNode parsed(String key, String place, String text) {
        try {
            // RFC 8259 section 8.1: a parser may ignore a byte order mark.
            return JSON.readTree(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new SettingException(
                    key, place, "a JSON array of rows; error" + where + ": " + e.getOriginalMessage());
        }
    }

    /** Returns null if the row is not usable. */
    private SourceRow row(String place, JsonNode object) {
        if (!object.isObject()) {
            warnings.skip(place, "row", object.toString(), "an object");
            return null;
        }
        Map<Column, String> texts = new EnumMap<>(Column.class);
        Set<String> unknown = new HashSet<>();
        object.fieldNames().forEachRemaining(unknown::add);
        for (Column column : Column.values()) {
            String name = columns.name(column);
            JsonNode value = object.path(name);
            unknown.remove(name);
            if (value.isTextual() || value.isNumber()) {
                texts.put(column, value.asText().strip());
            } else if (!value.isMissingNode() && !value.isNull()) {
                warnings.skip(place, name, value.toString(), "a text or a number");
                return null;
            }
        }
        unknown.stream().sorted().forEach(name -> warnings.add(place, name, "unknown", "a column; ignored"));
        return new SourceRow(place, texts);
    }
}
