package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.catalog.StockTables;
import org.sipdispatch.database.EmbeddedMariaDb;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.e2e.TestUserAgent.Received;

/** The first steps of an administrator with OpenSIPS experience: the stock table, one row, one call. */
class FirstUseTest {
    private static final String COLUMNS = "(id,setid,destination,socket,attrs,description)";

    private final TestUserAgent caller = TestUserAgent.udp();
    private final TestUserAgent gateway = TestUserAgent.udp();
    private final TestUserAgent mariaGateway = TestUserAgent.udp();
    private final TestUserAgent renamedGateway = TestUserAgent.udp();
    private final int firstPort = Ports.next();
    private final int secondPort = Ports.next();

    @AfterEach
    void close() {
        caller.close();
        gateway.close();
        mariaGateway.close();
        renamedGateway.close();
    }

    /** The stock tables in PostgreSQL and MariaDB, and one with other names in PostgreSQL. */
    @Test
    void rowsOfThreeTablesInTwoDatabasesTakeCallsToTheirDestinationsFromTheirSockets() {
        String postgres = EmbeddedPostgres.jdbcUrl("first_use");
        String renamed = EmbeddedPostgres.jdbcUrl("first_use_renamed");
        String maria = EmbeddedMariaDb.jdbcUrl("first_use");
        run(
                postgres,
                StockTables.version(9) + StockTables.postgres9("dispatcher") + row("dispatcher", COLUMNS, gateway));
        run(
                renamed,
                StockTables.postgres9("gateways")
                                .replace(" setid ", " grp ")
                                .replace(" destination ", " uri ")
                                .replace(" socket ", " via ")
                        + row("gateways", "(id,grp,uri,via,attrs,description)", renamedGateway));
        run(
                maria,
                StockTables.version(8) + StockTables.mysql8("dispatcher") + row("dispatcher", COLUMNS, mariaGateway));

        try (NodeProcess node = start(postgres, maria, renamed)) {
            assertCallFromFirstSocket("sip:111@dispatcher", gateway);
            assertCallFromFirstSocket("sip:222@dispatcher", mariaGateway);
            assertCallFromFirstSocket("sip:333@dispatcher", renamedGateway);
            assertThat(node.log()).contains("3 destinations in sets", "default:1001", "maria:1001", "renamed:1001");
        }
    }

    private NodeProcess start(String postgres, String maria, String renamed) {
        return NodeProcess.start("""
                sockets { first = "udp:127.0.0.1:%d", second = "udp:127.0.0.1:%d" }
                partitions {
                  default { db_url = "%s" }
                  maria { db_url = "%s" }
                  renamed { db_url = "%s", table_name = gateways, setid_col = grp, destination_col = uri, socket_col = via }
                }
                rules = [
                  { when { ruri = "^sip:222@" }, select { set = "maria:1001" } }
                  { when { ruri = "^sip:333@" }, select { set = "renamed:1001" } }
                  { select { set = 1001 } }
                ]
                """.formatted(firstPort, secondPort, postgres, maria, renamed), "");
    }

    /** The call arrives on the second socket, but the destination's socket is the first one. */
    private void assertCallFromFirstSocket(String uri, TestUserAgent destination) {
        Call call = Call.to(uri, caller, secondPort);

        Received invite = call.at(destination, "INVITE");

        assertThat(invite.from()).isEqualTo(NodeProcess.at(firstPort));
        assertThat(invite.toString()).startsWith("INVITE " + uri + " SIP/2.0\r\n");
        assertThat(invite.sip().topVia().port()).isEqualTo(firstPort);
        Call.answer(destination, invite, 200);
        Dialog dialog = call.callerSide(call.response(200));
        dialog.send("ACK", 1);
        assertThat(call.at(destination, "ACK").from()).isEqualTo(NodeProcess.at(firstPort));
        dialog.hangUpWith(destination);
    }

    private String row(String table, String columns, TestUserAgent destination) {
        return "INSERT INTO " + table + " " + columns + " VALUES (1,1001,'sip:127.0.0.1:" + destination.port()
                + "','udp:127.0.0.1:" + firstPort + "','fstest1','freeswitchB gw');\n";
    }

    private static void run(String url, String script) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String one : script.split(";\n")) {
                statement.execute(one);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
