package org.sipdispatch.catalog;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.settings.SettingException;

/**
 * The SRV records of a name as the destinations of one set, {@code db_url = "dns:SET:NAME"}.
 *
 * @param set the number of the set
 * @param name such as {@code _sip._udp.example.com}
 */
record DnsNameSource(int set, String name) implements SourceSettings {
    static final String SCHEME = "dns:";
    static final String EXPECTED =
            "dns:SET:NAME with a name of SRV records that begins with _sip._udp, _sip._tcp or _sips._tcp";

    private static final Pattern FORM =
            Pattern.compile("dns:(\\d{1,9}):(_sip\\._udp|_sip\\._tcp|_sips\\._tcp)(\\.\\S+)");
    /** Answers are cached for the time to live of the records, so that most looks ask no name server. */
    private static final Duration WATCH = Duration.ofSeconds(1);

    /** The source that a URL names; null if the URL is malformed. */
    static DnsNameSource of(String url) {
        Matcher form = FORM.matcher(url);
        return form.matches()
                ? new DnsNameSource(Integer.parseInt(form.group(1)), form.group(2) + form.group(3))
                : null;
    }

    @Override
    public PartitionSource open(PartitionSettings partition, KnownSockets sockets, ConnectionPools pools) {
        return new DnsNameRows(partition, this, sockets, pools.records());
    }

    @Override
    public String watchedPlace() {
        return SCHEME + set + ":" + name;
    }

    @Override
    public Duration watchInterval() {
        return WATCH;
    }

    private String uri(String host, String port) {
        String transport =
                name.startsWith("_sips.") ? ";transport=tls" : name.contains("._tcp.") ? ";transport=tcp" : "";
        return "sip:" + host + ":" + port + transport;
    }

    private record DnsNameRows(
            PartitionSettings partition, DnsNameSource settings, KnownSockets sockets, ServiceRecords records)
            implements PartitionSource {
        @Override
        public CatalogSnapshot load() {
            return rows(read());
        }

        @Override
        public SourceContent content() {
            List<String> found = read();
            return new SourceContent(ListFileSettings.hash(String.join("\n", found)), true, () -> rows(found));
        }

        private List<String> read() {
            try {
                return records.of(settings.name()).stream().sorted().toList();
            } catch (IOException e) {
                throw new SettingException(
                        partition.paths().of("db_url"),
                        settings.watchedPlace(),
                        "a name server that answers: " + e.getMessage());
            }
        }

        private CatalogSnapshot rows(List<String> found) {
            List<SourceRow> rows = new ArrayList<>();
            for (String record : found) {
                String[] fields = record.split(" ");
                Map<Column, String> texts = new EnumMap<>(Column.class);
                texts.put(Column.SETID, String.valueOf(settings.set()));
                texts.put(Column.DESTINATION, settings.uri(fields[3], fields[2]));
                texts.put(Column.WEIGHT, fields[1]);
                texts.put(Column.PRIORITY, fields[0]);
                rows.add(new SourceRow(settings.name() + " SRV " + record, texts));
            }
            return new RowCheck(partition, ColumnNames.LIST_FILE, sockets, new Warnings()).check(rows);
        }
    }
}
